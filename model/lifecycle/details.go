package lifecycle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"regatta/model/fault"
	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/model/text"
)

// imageDetail is an image as `aws ecr describe-images` prints it, with the
// children of an index added by hand.
type imageDetail struct {
	RepositoryName string    `json:"repositoryName"`
	Digest         string    `json:"imageDigest"`
	Tags           []string  `json:"imageTags"`
	Size           *int64    `json:"imageSizeInBytes"`
	Status         string    `json:"imageStatus"`
	Pushed         timestamp `json:"imagePushedAt"`
	Pulled         timestamp `json:"lastRecordedPullTime"`
	Archived       timestamp `json:"lastArchivedAt"`
	Activated      timestamp `json:"lastActivatedAt"`
	Subject        string    `json:"subjectManifestDigest"`
	Children       []string  `json:"childDigests"`
}

// ParseImages reads the output of `aws ecr describe-images`, or its list of
// imageDetails alone: the name of the repository, empty where nothing says it,
// and the images. Times are ISO 8601 or seconds since 1970.
func ParseImages(raw []byte) (repository string, images []Image, err error) {
	details, err := decodeDetails(raw)
	if err != nil {
		return "", nil, badImages(err)
	}
	images = make([]Image, 0, len(details))
	seen := make(map[ref.Digest]bool, len(details))
	for i, d := range details {
		img, err := d.image()
		name := text.Clean(d.RepositoryName)
		switch {
		case err != nil:
		case seen[img.Digest]:
			err = fmt.Errorf("%s is there twice", img.Digest)
		case i > 0 && name != repository:
			err = fmt.Errorf("it is in the repository %q, the ones before are in %q", name, repository)
		}
		if err != nil {
			return "", nil, badImages(fmt.Errorf("image %d: %w", i+1, err))
		}
		repository, seen[img.Digest] = name, true
		images = append(images, img)
	}
	return repository, images, nil
}

func badImages(err error) error {
	return &fault.Error{Op: "read", Object: "the images", Kind: fault.Invalid, Detail: redact.Line(err.Error()), Err: err}
}

func decodeDetails(raw []byte) ([]imageDetail, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	var details []imageDetail
	if strings.HasPrefix(strings.TrimSpace(string(raw[:min(len(raw), 64)])), "[") {
		if err := dec.Decode(&details); err != nil {
			return nil, place(err)
		}
		return details, end(dec)
	}
	var doc struct {
		Details *[]imageDetail `json:"imageDetails"`
	}
	if err := dec.Decode(&doc); err != nil {
		return nil, place(err)
	}
	if doc.Details == nil {
		return nil, errors.New("there is no imageDetails")
	}
	return *doc.Details, end(dec)
}

func end(dec *json.Decoder) error {
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the images")
	}
	return nil
}

// place says where JSON is broken, in short.
func place(err error) error {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON ends too early")
	case errors.As(err, &syntax):
		return fmt.Errorf("byte %d: %w", syntax.Offset, err)
	case errors.As(err, &wrong):
		return fmt.Errorf("byte %d: %s cannot be %s", wrong.Offset, wrong.Field, wrong.Value)
	}
	return err
}

func (d *imageDetail) image() (Image, error) {
	digest, err := ref.ParseDigest(d.Digest)
	if err != nil {
		return Image{}, fmt.Errorf("imageDigest: %w", err)
	}
	img := Image{
		Digest: digest, Size: -1, Class: Standard,
		Pushed: d.Pushed.Time, Pulled: d.Pulled.Time, Archived: d.Archived.Time, Activated: d.Activated.Time,
	}
	if d.Size != nil {
		img.Size = *d.Size
	}
	if d.Status == "ARCHIVED" { // one that is ACTIVATING is back before the next run
		img.Class = Archive
	}
	for _, tag := range d.Tags {
		img.Tags = append(img.Tags, text.Clean(tag))
	}
	if d.Subject != "" {
		if img.Subject, err = ref.ParseDigest(d.Subject); err != nil {
			return Image{}, fmt.Errorf("subjectManifestDigest: %w", err)
		}
	}
	for _, c := range d.Children {
		child, err := ref.ParseDigest(c)
		if err != nil {
			return Image{}, fmt.Errorf("childDigests: %w", err)
		}
		img.Children = append(img.Children, child)
	}
	return img, nil
}
