package ecr

import (
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

func (a *API) imageOperations() map[string]aws.Operation {
	return map[string]aws.Operation{
		"DescribeImages":          aws.Op(a.describeImages),
		"ListImages":              aws.Op(a.listImages),
		"BatchGetImage":           aws.Op(a.batchGetImage),
		"PutImage":                aws.Op(a.putImage),
		"BatchDeleteImage":        aws.Op(a.batchDeleteImage),
		"UpdateImageStorageClass": aws.Op(a.updateImageStorageClass),
		"ListImageReferrers":      aws.Op(a.listImageReferrers),
	}
}

// detail is an image on the wire (API reference, ImageDetail). The size is in
// bytes.
type detail struct {
	RegistryID     string       `json:"registryId"`
	RepositoryName string       `json:"repositoryName"`
	Digest         string       `json:"imageDigest"`
	Tags           []string     `json:"imageTags,omitempty"`
	Size           int64        `json:"imageSizeInBytes"`
	PushedAt       aws.Time     `json:"imagePushedAt,omitzero"`
	MediaType      string       `json:"imageManifestMediaType,omitempty"`
	ArtifactType   string       `json:"artifactMediaType,omitempty"`
	PulledAt       aws.Time     `json:"lastRecordedPullTime,omitzero"`
	Subject        string       `json:"subjectManifestDigest,omitempty"`
	Status         store.Status `json:"imageStatus"`
	ArchivedAt     aws.Time     `json:"lastArchivedAt,omitzero"`
	ActivatedAt    aws.Time     `json:"lastActivatedAt,omitzero"`
}

func describeImage(c *aws.Call, repo *store.Repository, l store.Listed) detail {
	d := detail{
		RegistryID: c.Account, RepositoryName: repo.Name, Digest: l.Digest, Tags: l.Tags, Size: size(repo, l.Manifest, 0),
		PushedAt: aws.Time(l.PushedAt), MediaType: l.MediaType, ArtifactType: l.Fields.Kind(),
		PulledAt: aws.Time(l.PulledAt), Status: l.Archive.Status(c.Now), ArchivedAt: aws.Time(l.Archive.ArchivedAt),
	}
	if at := l.Archive.ActivatedAt; !at.After(c.Now) {
		d.ActivatedAt = aws.Time(at)
	}
	if l.Fields.Subject != nil {
		d.Subject = l.Fields.Subject.Digest
	}
	return d
}

// maxNesting is how deep indexes in indexes are followed.
const maxNesting = 4

// size is the bytes of config and layers, and of an index those of its largest
// manifest.
func size(repo *store.Repository, m store.Manifest, depth int) int64 {
	var total int64
	if m.Fields.Config != nil {
		total = m.Fields.Config.Size
	}
	for _, layer := range m.Fields.Layers {
		total += layer.Size
	}
	for _, child := range m.Fields.Manifests {
		if c, ok := repo.Manifest(child.Digest); ok && depth < maxNesting {
			total = max(total, size(repo, c, depth+1))
		}
	}
	return total
}

// filter chooses images by tags and by status (API reference,
// DescribeImagesFilter).
type filter struct {
	TagStatus   string `json:"tagStatus"`
	ImageStatus string `json:"imageStatus"`
}

// wants is the filter as a function; those that are active are wanted if it
// does not say.
func (f filter) wants(now time.Time) func(store.Listed) bool {
	if f.ImageStatus == "" {
		f.ImageStatus = string(store.Active)
	}
	return func(l store.Listed) bool {
		if f.ImageStatus != anyStatus && f.ImageStatus != string(l.Archive.Status(now)) {
			return false
		}
		return f.TagStatus == "" || f.TagStatus == anyStatus || (f.TagStatus == "TAGGED") == (len(l.Tags) > 0)
	}
}

const anyStatus = "ANY"

func (f filter) check() error {
	switch f.TagStatus {
	case "", "TAGGED", "UNTAGGED", anyStatus:
	default:
		return aws.Invalid("filter.tagStatus", "Member must satisfy enum value set: [TAGGED, UNTAGGED, ANY]")
	}
	switch f.ImageStatus {
	case "", "ACTIVE", "ARCHIVED", "ACTIVATING", anyStatus:
		return nil
	}
	return aws.Invalid("filter.imageStatus", "Member must satisfy enum value set: [ACTIVE, ARCHIVED, ACTIVATING, ANY]")
}

type describeImagesIn struct {
	named
	aws.Paging

	IDs    []imageID `json:"imageIds"`
	Filter filter    `json:"filter"`
}

type describeImagesOut struct {
	Details   []detail `json:"imageDetails"`
	NextToken string   `json:"nextToken,omitempty"`
}

func (a *API) describeImages(c *aws.Call, in describeImagesIn) (describeImagesOut, error) {
	out := describeImagesOut{Details: []detail{}}
	repo, err := a.repository(c, in.named)
	if err == nil {
		err = in.Filter.check()
	}
	if err != nil {
		return out, err
	}
	list := a.listPage
	if len(in.IDs) > 0 {
		list = a.listChosen
	}
	found, next, err := list(c, repo, in)
	if err != nil {
		return out, err
	}
	for _, l := range found {
		out.Details = append(out.Details, describeImage(c, repo, l))
	}
	out.NextToken = next
	return out, nil
}

func (a *API) listPage(c *aws.Call, repo *store.Repository, in describeImagesIn) ([]store.Listed, string, error) {
	n, err := in.Size(100, 1000)
	if err != nil {
		return nil, "", err
	}
	var after store.Position
	if err := in.Place(&after); err != nil {
		return nil, "", err
	}
	found := repo.After(after, n+1, in.Filter.wants(c.Now))
	if len(found) <= n {
		return found, "", nil
	}
	return found[:n], aws.Token(found[n-1].Position()), nil
}

func (a *API) listChosen(c *aws.Call, repo *store.Repository, in describeImagesIn) ([]store.Listed, string, error) {
	if err := checkIDs(in.IDs); err != nil {
		return nil, "", err
	}
	if in.Asked() {
		return nil, "", aws.Invalid("maxResults", "This option cannot be used when you specify images with imageIds.")
	}
	wants := in.Filter.wants(c.Now)
	seen := map[string]bool{}
	var found []store.Listed
	for _, id := range in.IDs {
		m, err := find1(c, repo, id)
		if err != nil {
			return nil, "", err
		}
		if l := (store.Listed{Manifest: m, Tags: repo.TagsOf(m.Digest)}); !seen[m.Digest] && wants(l) {
			found = append(found, l)
		}
		seen[m.Digest] = true
	}
	return found, "", nil
}
