package plan

import (
	"strconv"

	"regatta/model/fault"
	"regatta/model/ref"
)

// Why is the reason of a refusal.
type Why string

// The reasons why there is no plan.
const (
	UnknownTag      Why = "unknown-tag"        // no such tag
	UnreadTag       Why = "unread-tag"         // it could not be read what the tag points to
	UnknownDigest   Why = "unknown-digest"     // no such manifest
	InvalidTag      Why = "invalid-tag"        // not a tag's name
	BreaksIndex     Why = "breaks-index"       // an index that stays would lose a child
	TakesTags       Why = "takes-tags"         // a delete by tag would take all tags of the digest along
	NoDelete        Why = "no-delete"          // the registry deletes no manifests
	NoUntag         Why = "no-untag"           // the registry can remove a tag in no way
	ImmutableTag    Why = "immutable-tag"      // the tag may not be moved
	OtherRegistry   Why = "other-registry"     // it belongs to another registry or repository
	Contradiction   Why = "contradiction"      // the request wants two things at once
	NothingSelected Why = "nothing-selected"   // the request is empty
	Schema1         Why = "schema-1"           // a manifest that registries no longer take
	NoArchive       Why = "no-archive"         // the registry has no archive
	InUse           Why = "in-use"             // something runs the image
	NotProtected    Why = "unprotected"        // what runs the image is not fully known
	TooManyDescribe Why = "too-many-referrers" // more describes what goes than is read
	IncompleteImage Why = "not-whole"          // a tag would point to what cannot be pulled
	SlowList        Why = "slow-list"          // the tags take too long to list
	SourceLacks     Why = "source-lacks"       // neither side has all that is to be copied
)

// RefusedError says why a request has no plan: nothing was and nothing will be
// changed. Digest and Tag say what it is about, By what stands in the way.
type RefusedError struct {
	Why    Why
	Kind   fault.Kind
	Object string // HOST/REPOSITORY
	Digest ref.Digest
	Tag    string
	By     []ref.Digest
	Text   string
}

// Error implements error.
func (e *RefusedError) Error() string { return e.Text }

// Unwrap gives the fault's kind to fault.KindOf.
func (e *RefusedError) Unwrap() error {
	return &fault.Error{Op: "plan a change of", Object: e.Object, Kind: e.Kind, Detail: e.Text}
}

// Problem is what is wrong with a plan file.
type Problem string

// The problems of plan files.
const (
	Truncated    Problem = "truncated"     // the file ends early
	Malformed    Problem = "malformed"     // it is not a plan
	UnknownField Problem = "unknown-field" // it says something that this version does not know
	NewerVersion Problem = "newer-version" // it is of a version that this program does not know
	Edited       Problem = "edited"        // it is not as it was written
	Inconsistent Problem = "inconsistent"  // its parts contradict each other
)

// FileError says why a plan file cannot be used. Step is the step at fault,
// counted from 1; 0 means the file as a whole.
type FileError struct {
	Problem Problem
	Step    int
	Text    string
}

// Error implements error.
func (e *FileError) Error() string {
	if e.Step > 0 {
		return "plan file: step " + strconv.Itoa(e.Step) + ": " + e.Text
	}
	return "plan file: " + e.Text
}

// Unwrap gives the fault's kind to fault.KindOf.
func (e *FileError) Unwrap() error {
	return &fault.Error{Op: "read", Object: "plan file", Kind: fault.Invalid, Detail: e.Text}
}
