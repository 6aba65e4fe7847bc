package ecr

import (
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// How long a scan takes, and how long until an image may be scanned again (API
// reference, StartImageScan).
const (
	scanTime  = 30 * time.Second
	scanPause = 24 * time.Hour
)

type scanKey struct {
	repo   *store.Repository
	digest string
}

type scan struct {
	started time.Time
}

func (s scan) status(now time.Time) scanStatus {
	if now.Before(s.started.Add(scanTime)) {
		return scanStatus{Status: "IN_PROGRESS"}
	}
	return scanStatus{"COMPLETE", "The scan was completed successfully."}
}

type scanStatus struct {
	Status      string `json:"status"`
	Description string `json:"description,omitempty"`
}

func (a *API) scanOperations() map[string]aws.Operation {
	return map[string]aws.Operation{
		"StartImageScan":            aws.Op(a.startImageScan),
		"DescribeImageScanFindings": aws.Op(a.describeImageScanFindings),
	}
}

type scanOut struct {
	RegistryID     string     `json:"registryId"`
	RepositoryName string     `json:"repositoryName"`
	ID             imageID    `json:"imageId"`
	Status         scanStatus `json:"imageScanStatus"`
}

func (a *API) startImageScan(c *aws.Call, in oneImageIn) (scanOut, error) {
	repo, err := a.repository(c, in.named)
	if err != nil {
		return scanOut{}, err
	}
	m, err := find1(c, repo, in.ID)
	switch {
	case err != nil:
		return scanOut{}, err
	case m.Archive.Status(c.Now) != store.Active:
		return scanOut{}, aws.Errorf("ImageArchivedException",
			"The image with imageId %s is archived and cannot be scanned", in.ID.words())
	case !oci.IsImage(m.MediaType):
		return scanOut{}, aws.Errorf("UnsupportedImageTypeException",
			"The image type %s is not supported for scanning", m.MediaType)
	}
	key := scanKey{repo, m.Digest}
	a.mu.Lock()
	defer a.mu.Unlock()
	if old, ok := a.scans[key]; ok && c.Now.Before(old.started.Add(scanPause)) {
		return scanOut{}, aws.Errorf("LimitExceededException",
			"The scan quota per image has been exceeded. Wait and try again.")
	}
	s := scan{started: c.Now}
	a.scans[key] = s
	return scanOut{c.Account, repo.Name, imageID{m.Digest, in.ID.Tag}, s.status(c.Now)}, nil
}

// scanOf is the last scan of an image. Of the seeded images half were scanned
// when they were pushed.
func (a *API) scanOf(repo *store.Repository, m store.Manifest) (scan, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.scans[scanKey{repo, m.Digest}]
	if !ok && a.seeded(repo) && oci.IsImage(m.MediaType) && m.Digest[len(m.Digest)-1]%2 == 0 {
		return scan{started: m.PushedAt.Add(time.Minute)}, true
	}
	return s, ok
}

type findingsIn struct {
	oneImageIn
	aws.Paging
}

type findingsOut struct {
	scanOut

	Findings  *findings `json:"imageScanFindings,omitempty"`
	NextToken string    `json:"nextToken,omitempty"`
}

func (a *API) describeImageScanFindings(c *aws.Call, in findingsIn) (findingsOut, error) {
	repo, err := a.repository(c, in.named)
	if err != nil {
		return findingsOut{}, err
	}
	m, err := find1(c, repo, in.ID)
	if err != nil {
		return findingsOut{}, err
	}
	s, ok := a.scanOf(repo, m)
	if !ok {
		return findingsOut{}, aws.Errorf("ScanNotFoundException", "Image scan does not exist for the image with '%s' "+
			"in the repository with name '%s' in the registry with id '%s'", in.ID.words(), repo.Name, c.Account)
	}
	out := findingsOut{scanOut: scanOut{c.Account, repo.Name, imageID{m.Digest, in.ID.Tag}, s.status(c.Now)}}
	if out.Status.Status != "COMPLETE" {
		return out, nil
	}
	out.Findings, out.NextToken, err = pageFindings(in.Paging, m, s)
	return out, err
}
