package plan

import (
	"regatta/model/ref"
)

// Kind is what a step does. Its text is what the plan file says.
type Kind string

// The kinds of step.
const (
	// Retag points Reference's tag at Digest, byte for byte. A tag that points
	// there already is left alone (Unchanged).
	Retag Kind = "retag"
	// Untag deletes Reference's tag through the tag API. A registry that refuses
	// makes it fail: deleting the digest instead is no substitute. A tag that is
	// gone already is left so (Unchanged).
	Untag Kind = "untag"
	// UntagByDummy removes Reference's tag where there is no tag API: a unique
	// manifest is pushed to the tag and deleted by its digest.
	UntagByDummy Kind = "untag-by-dummy"
	// Delete deletes the manifest Digest, and with it the tags that Tags names.
	Delete Kind = "delete"
	// Put pushes Manifest by its digest. A manifest that is there already is
	// left alone (Unchanged).
	Put Kind = "put"
	// CopyBlob brings the config or layer Digest from From, or from the plan's
	// Local, to Reference's repository. One that is there is left alone
	// (Unchanged). What nothing refers to in the end is the registry's to collect.
	CopyBlob Kind = "copy-blob"
	// Pull writes the image Digest, with all that it refers to, to the plan's
	// Local. It changes nothing in the registry.
	Pull Kind = "pull"
	// LifecyclePolicy gives Reference's repository the policy whose canonical
	// text Manifest has; an empty one takes it away. Expect's digest is that of
	// the text before, empty where there was none.
	LifecyclePolicy Kind = "lifecycle-policy"
	// Archive moves the image Digest to the archive, from where it cannot be
	// pulled. One that is there already is left alone (Unchanged).
	Archive Kind = "archive"
	// Restore brings the image Digest back from the archive. It is done once the
	// image can be pulled, which takes a while.
	Restore Kind = "restore"
	// Deploy starts a new deployment of the service that Rollout names, which
	// looks Reference's tag up anew. A service that runs Digest already is left
	// alone (Unchanged).
	Deploy Kind = "deploy"
)

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool {
	switch k {
	case Retag, Untag, UntagByDummy, Delete, Put, CopyBlob, Pull, LifecyclePolicy, Archive, Restore, Deploy:
		return true
	}
	return false
}

// Expect is what has to be so just before a step acts: Tag points to Digest; an
// empty Digest means that there is no such tag; an empty Tag means that the
// manifest Digest exists. Both empty expect nothing.
type Expect struct {
	Tag    string     `json:"tag"`
	Digest ref.Digest `json:"digest"`
}

// Step is one change. Tags of other images never change by it.
type Step struct {
	Kind Kind
	// Reference is what changes: HOST/REPOSITORY:TAG for tags,
	// HOST/REPOSITORY@DIGEST for manifests.
	Reference ref.Reference
	// Digest is the manifest that the step is about: that a retag points to, an
	// untag takes the tag from, a delete deletes, a put pushes; of a copy-blob it
	// is the blob.
	Digest ref.Digest
	Expect Expect
	// Tags are the tags that a delete takes along. Each is expected to point to
	// Digest, and no tag that is not named here may.
	Tags []string
	// From is where a copy-blob takes its blob from, HOST/REPOSITORY@DIGEST. Its
	// zero value means the plan's Local.
	From ref.Reference
	// Size is what a copy-blob or a pull moves, in bytes.
	Size int64
	// Manifest is what a put pushes.
	Manifest *Manifest
	// Rollout is what a deploy starts.
	Rollout *Rollout
	// Unchecked lets a retag point its tag at an image without looking first whether
	// all of it is there: it was so before, or it was asked for. A put with it is tried
	// also where a step before it was not done: the registry may take what is not whole. A
	// delete with it goes by a list of tags that is older than MaxListAge.
	Unchecked bool
	// Reason says in a sentence why the step is there.
	Reason string
	// Collateral marks a step that was not asked for and follows from one that
	// was.
	Collateral bool
	// ReclaimedBytes are the bytes that nothing references after this step and
	// all before it. The steps' sum is the plan's.
	ReclaimedBytes int64
	// After are the indexes of earlier steps that have to be done before this
	// one. Where one of them was not, this one is skipped, but for Anyway.
	After []int
}

// Anyway reports whether the step is tried also where one that it comes after was not
// done.
func (s Step) Anyway() bool { return s.Kind == Put && s.Unchecked }

// Manifest is a manifest as the registry had it.
type Manifest struct {
	MediaType string `json:"mediaType"`
	Raw       []byte `json:"raw"` // base64 in JSON
}

// Expects is everything to read again just before the step acts.
func (s Step) Expects() []Expect {
	var out []Expect
	if s.Expect != (Expect{}) && s.Kind != LifecyclePolicy { // a policy is no manifest
		out = append(out, s.Expect)
	}
	for _, t := range s.Tags {
		if t != s.Expect.Tag {
			out = append(out, Expect{Tag: t, Digest: s.Digest})
		}
	}
	return out
}

// Loses is the manifest that may not be there, or not be found any more, after
// the step: its bytes belong into the journal before the step acts. It is
// empty where the step loses nothing.
func (s Step) Loses() ref.Digest {
	switch s.Kind {
	case Delete, Untag, UntagByDummy:
		return s.Digest
	case LifecyclePolicy:
		return s.Expect.Digest
	case Retag:
		if s.Expect.Digest != s.Digest {
			return s.Expect.Digest
		}
	case Put, CopyBlob, Pull, Archive, Restore, Deploy:
	}
	return ""
}
