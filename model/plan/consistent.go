package plan

import (
	"errors"
	"fmt"
	"slices"

	"regatta/model/ref"
	"regatta/model/text"
)

// consistent checks that the parts of a plan do not contradict each other, as
// those of a file edited by hand may.
func (p Plan) consistent() error {
	if err := ref.CheckHost(p.Registry); err != nil {
		return &FileError{Problem: Malformed, Text: err.Error()}
	}
	var sum int64
	for i, s := range p.Steps {
		if err := p.consistentStep(i, s); err != nil {
			return &FileError{Problem: Inconsistent, Step: i + 1, Text: err.Error()}
		}
		sum += s.ReclaimedBytes
	}
	if sum != p.ReclaimedBytes {
		return &FileError{Problem: Inconsistent, Text: fmt.Sprintf(
			"the steps bring back %s, the plan says %s", text.ExactBytes(sum), text.ExactBytes(p.ReclaimedBytes))}
	}
	if r := p.InRegistry; r != nil && (r.ReclaimedBytes < 0 || r.ReclaimedBytes > p.ReclaimedBytes) {
		return &FileError{Problem: Inconsistent, Text: fmt.Sprintf(
			"the registry cannot get back %s of %s", text.ExactBytes(r.ReclaimedBytes), text.ExactBytes(p.ReclaimedBytes))}
	}
	return nil
}

// rule is something that a step must not do.
type rule struct {
	broken bool
	text   string
}

func firstBroken(rules []rule) error {
	for _, r := range rules {
		if r.broken {
			return errors.New(r.text)
		}
	}
	return nil
}

func (p Plan) consistentStep(i int, s Step) error {
	if !s.Kind.Valid() {
		return fmt.Errorf("%q is not a kind of step", text.Clean(string(s.Kind)))
	}
	if _, err := ref.ParseDigest(string(s.Digest)); err != nil {
		return err
	}
	elsewhere := p.Repository != "" && s.Reference.Repository != p.Repository
	late := slices.ContainsFunc(s.After, func(at int) bool { return at < 0 || at >= i })
	err := firstBroken([]rule{
		{s.Reference.Host != p.Registry, "it is about another registry than the plan"},
		{elsewhere, "it is about another repository than the plan"},
		{s.ReclaimedBytes < 0, "it brings back less than nothing"},
		{late, "it waits for a step that does not come before it"},
		{s.Kind != Delete && len(s.Tags) > 0, "only a delete takes tags along"},
		{s.Kind != Deploy && s.Rollout != nil, "only a deploy starts a deployment"},
		{s.carries() != (s.Manifest != nil), "a put, and nothing else, carries a manifest"},
	})
	if err == nil {
		err = p.consistentSource(s)
	}
	if err == nil {
		err = s.consistentTarget()
	}
	if err == nil {
		err = s.consistentTags()
	}
	return err
}

// consistentSource checks where a step takes from, and what that moves.
func (p Plan) consistentSource(s Step) error {
	none := s.From == (ref.Reference{})
	local := s.Kind == Pull || s.Kind == CopyBlob && none
	return firstBroken([]rule{
		{!none && s.Kind != CopyBlob, "only a copy-blob takes something from elsewhere"},
		{!none && (s.From.Digest != s.Digest || s.From.Tag != ""), "it takes another digest than it brings"},
		{local && p.Local == "", "the plan names no place on this machine"},
		{s.Size < 0, "it moves less than nothing"},
		{s.Size > 0 && s.Kind != Pull && s.Kind != CopyBlob, "only a copy-blob and a pull move bytes"},
	})
}

// consistentTarget checks that reference, digest and expectation speak of the
// same thing.
func (s Step) consistentTarget() error {
	switch s.Kind {
	case Retag, Untag, UntagByDummy:
		return firstBroken([]rule{
			{s.Reference.Tag == "" || s.Reference.Digest != "", "it needs a tag"},
			{s.Expect.Tag != s.Reference.Tag, "it expects nothing of the tag that it changes"},
			{s.Kind != Retag && s.Expect.Digest != s.Digest, "it expects another digest than it takes the tag from"},
		})
	case LifecyclePolicy:
		return s.consistentPolicy()
	case Deploy:
		return s.consistentDeploy()
	case Delete, Put, CopyBlob, Pull, Archive, Restore:
	}
	return s.consistentDigest()
}

// consistentDigest is consistentTarget of what is about a digest.
func (s Step) consistentDigest() error {
	if s.Reference.Tag != "" && s.Kind != Pull || s.Reference.Digest != s.Digest {
		return errors.New("its reference does not name its digest")
	}
	switch s.Kind { //nolint:exhaustive // the others have been returned from
	case Put:
		return s.Digest.Verify(s.Manifest.Raw)
	case Delete, Archive, Restore:
		if s.Expect.Digest != s.Digest {
			return errors.New("it expects another digest than it " + string(s.Kind) + "s")
		}
	}
	return nil
}

// carries tells the kinds of step that have content of their own.
func (s Step) carries() bool { return s.Kind == Put || s.Kind == LifecyclePolicy }

func (s Step) consistentPolicy() error {
	if s.Reference.Tag != "" || s.Reference.Digest != "" || s.Expect.Tag != "" {
		return errors.New("a lifecycle policy is of a repository, not of an image")
	}
	return s.Digest.Verify(s.Manifest.Raw)
}

func (s Step) consistentTags() error {
	for _, e := range s.Expects() {
		if e.Tag == "" {
			continue
		}
		if err := ref.CheckTag(e.Tag); err != nil {
			return err
		}
	}
	if s.Expect.Digest == "" {
		return nil
	}
	_, err := ref.ParseDigest(string(s.Expect.Digest))
	return err
}
