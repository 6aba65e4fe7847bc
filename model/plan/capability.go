package plan

import (
	"time"

	"regatta/model/image"
)

// Support says whether a registry can do something.
type Support uint8

// The three answers.
const (
	Unknown Support = iota // not asked yet, or the answer was not clear
	Yes
	No
)

// Capabilities are what a registry can do in a repository.
type Capabilities struct {
	// TagDelete: a tag can be deleted and the manifest stays.
	TagDelete Support
	// ManifestDelete: a manifest can be deleted by its digest.
	ManifestDelete Support
	// TaggedDelete: a manifest can be deleted while it has tags, which go with
	// it. No means that the registry wants the tags deleted first, as Google's
	// does (GOOGLE_MANIFEST_DANGLING_TAG). Where it is Unknown, tags are deleted
	// first if they can be.
	TaggedDelete Support
	// LastTagDeletes: deleting the last tag through the tag API deletes the
	// image too, as on ECR (BatchDeleteImage).
	LastTagDeletes bool
	// TellsTags: the registry tells of one image which tags it has, so that no list
	// of tags decides what may be deleted.
	TellsTags bool
	// ListsUntagged: images without tags are listed, so that the graph holds
	// them.
	ListsUntagged bool
	// SharesBlobs: content is kept once for all repositories, so that what one of
	// them lets go of stays where another holds it. No means that each repository
	// has, and is billed for, its own. Where it is Unknown the others are asked.
	SharesBlobs Support
	// Mutability says which tags that exist cannot be moved (ECR tag
	// immutability).
	Mutability image.Mutability
	// TagRefused and ManifestRefused are what the registry refused before, where
	// nothing was deleted since. They forbid nothing: it may have changed.
	TagRefused, ManifestRefused Refusal
	// Archives: images can be moved to an archive and brought back (ECR storage
	// classes).
	Archives bool
}

// Refusal is that a registry would not delete something, and when; the zero value
// is that it never refused, as far as is known.
type Refusal struct {
	At     time.Time
	Status int // of HTTP
}

// Known reports whether there was a refusal.
func (r Refusal) Known() bool { return r.Status != 0 }
