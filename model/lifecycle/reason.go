package lifecycle

import (
	"fmt"

	"regatta/model/text"
)

// Reason is the sentence that explains the verdict of an image.
func (e *Evaluation) Reason(i int) string {
	switch d := e.run.decisions[i]; d.why {
	case marked:
		return fmt.Sprintf("%s by rule %d: %s", e.done(d), e.rule(d.rule).Priority, e.because(i, d))
	case spared:
		return "kept: " + e.sparing(i, d) + e.shielded(d)
	case referenced:
		return fmt.Sprintf("kept: the index %s still references it, or rule %d would %s it",
			e.name(d.other), e.rule(d.rule).Priority, e.would(d.rule))
	case follows:
		return fmt.Sprintf("%s with its subject %s, by rule %d", e.done(d), e.name(d.other), e.rule(d.rule).Priority)
	case noRule:
	}
	return "kept: no rule matches"
}

func (e *Evaluation) rule(at int8) *Rule { return &e.Policy.rules[at] }

// name is how to speak of an image: its digest, and a tag if it has one.
func (e *Evaluation) name(i int32) string {
	img := &e.Images[i]
	if len(img.Tags) == 0 {
		return img.Digest.Short()
	}
	return img.Digest.Short() + " (" + img.Tags[0] + ")"
}

func (e *Evaluation) done(d decision) string {
	if e.rule(d.rule).Action == TransitionAction {
		return "archived"
	}
	return "expired"
}

func (e *Evaluation) would(rule int8) string {
	if e.rule(rule).Action == TransitionAction {
		return "archive"
	}
	return "expire"
}

// because is why the rule marks the image.
func (e *Evaluation) because(i int, d decision) string {
	s := &e.rule(d.rule).Selection
	days := text.Plural(s.CountNumber, "day", "days")
	switch s.CountType {
	case ImageCountMoreThan:
		return fmt.Sprintf("it keeps the newest %s, this is number %s%s",
			text.Count(s.CountNumber), text.Count(int(d.place)), e.tie(i, d))
	case SinceImagePulled:
		return "not pulled for more than " + days + e.instead(i, byPull)
	case SinceImageTransitioned:
		return "in the archive for more than " + days
	case SinceImagePushed:
	}
	return "older than " + days + e.instead(i, byPush)
}

// sparing is why the rule does not.
func (e *Evaluation) sparing(i int, d decision) string {
	s := &e.rule(d.rule).Selection
	head := fmt.Sprintf("rule %d matches %s", e.rule(d.rule).Priority, matched(s))
	days := text.Plural(s.CountNumber, "day", "days")
	switch basis := s.CountType.basis(); {
	case s.CountType == ImageCountMoreThan && d.place == 0:
		return head + " and does not count it"
	case e.timeless(i, basis):
		return head + ", and no time is known from which to count" + e.newestOf(s)
	case s.CountType == ImageCountMoreThan:
		return fmt.Sprintf("%s and keeps the newest %s, it is number %s%s%s", head,
			text.Count(s.CountNumber), text.Count(int(d.place)), e.tie(i, d), e.future(i, basis))
	case s.CountType == SinceImagePulled:
		return head + ", and it was pulled in the last " + days + e.instead(i, basis) + e.future(i, basis)
	case s.CountType == SinceImageTransitioned:
		return head + ", and it is not longer in the archive than " + days + e.future(i, basis)
	default:
		return head + ", and it is not older than " + days + e.instead(i, basis) + e.future(i, basis)
	}
}

func matched(s *Selection) string {
	switch s.TagStatus {
	case Untagged:
		return "untagged images"
	case Any:
		return "every image"
	case Tagged:
	}
	return "its tag"
}
