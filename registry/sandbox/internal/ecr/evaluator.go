package ecr

import "time"

// Evaluator decides what a lifecycle policy would do to images at an instant.
// It returns verdicts for those that go; an error is what is wrong with the
// policy. With no images at all it validates the policy only.
type Evaluator func(policy string, images []LifecycleImage, now time.Time) ([]Verdict, error)

// LifecycleImage is what an evaluator is told of an image.
type LifecycleImage struct {
	Digest      string
	Tags        []string
	PushedAt    time.Time
	PulledAt    time.Time // zero: never
	ArchivedAt  time.Time // zero: never
	ActivatedAt time.Time // zero: never
	Archived    bool
	Children    []string // digests that an index lists
	Subject     string   // digest of what it refers to, "" for nothing
}

// Verdict is an image that a rule takes.
type Verdict struct {
	Digest string
	// Archive moves the image to the archive instead of deleting it.
	Archive bool
	// Priority is the rule's.
	Priority int
}
