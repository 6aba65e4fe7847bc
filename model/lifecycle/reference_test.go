package lifecycle_test

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

// reference evaluates a policy as the facts of the user guide are written, rule
// by rule over all images. It shares nothing with the evaluator but its types.
type reference struct {
	rules  []lifecycle.Rule
	images []lifecycle.Image
	now    time.Time
	on     lifecycle.Switches
}

type fate struct {
	outcome  lifecycle.Outcome
	priority int
}

func (r *reference) find(d ref.Digest) (lifecycle.Image, bool) {
	i := slices.IndexFunc(r.images, func(i lifecycle.Image) bool { return i.Digest == d })
	if d == "" || i < 0 {
		return lifecycle.Image{}, false
	}
	return r.images[i], true
}

func (r *reference) evaluate() map[ref.Digest]fate {
	marks := map[ref.Digest]lifecycle.Rule{} // the rule that would act
	claims := map[ref.Digest]lifecycle.Rule{}
	for _, rule := range r.rules {
		var identified []lifecycle.Image
		for _, img := range r.images {
			if class(img) == rule.Selection.Class && r.tagsMatch(rule.Selection, img.Tags) {
				identified = append(identified, img)
			}
		}
		for _, img := range r.hit(rule.Selection, identified) {
			if _, claimed := claims[img.Digest]; !claimed {
				marks[img.Digest] = rule
			}
		}
		for _, img := range identified {
			if _, claimed := claims[img.Digest]; !claimed {
				claims[img.Digest] = rule
			}
		}
	}
	return r.conclude(claims, marks)
}

func (r *reference) conclude(claims, marks map[ref.Digest]lifecycle.Rule) map[ref.Digest]fate {
	out := map[ref.Digest]fate{}
	for _, img := range r.images {
		mark, marked := marks[img.Digest]
		claim, claimed := claims[img.Digest]
		switch {
		case marked && r.protected(img, marks, nil):
			out[img.Digest] = fate{}
		case marked:
			out[img.Digest] = acted(mark)
		case claimed:
			out[img.Digest] = fate{priority: claim.Priority}
		default:
			out[img.Digest] = fate{}
		}
	}
	if r.on[lifecycle.ReferrersFollow] {
		return out
	}
	for range r.images { // as often as a chain may be long
		for _, img := range r.images {
			subject, ok := r.find(img.Subject)
			_, own := marks[img.Digest]
			gone := out[subject.Digest]
			if !ok || own || subject.Digest == img.Digest || gone.outcome == lifecycle.Keep || r.protected(img, nil, nil) ||
				gone.outcome == lifecycle.Transition && class(img) == lifecycle.Archive {
				continue
			}
			out[img.Digest] = gone
		}
	}
	return out
}

func acted(rule lifecycle.Rule) fate {
	if rule.Action == lifecycle.ExpireAction {
		return fate{lifecycle.Expire, rule.Priority}
	}
	return fate{lifecycle.Transition, rule.Priority}
}

func class(img lifecycle.Image) lifecycle.StorageClass {
	if img.Class == "" {
		return lifecycle.Standard
	}
	return img.Class
}

// protected tells whether an index needs the image. Where children need not
// wait, an index that is marked itself and not protected needs nothing.
func (r *reference) protected(img lifecycle.Image, marks map[ref.Digest]lifecycle.Rule, below []ref.Digest) bool {
	for _, index := range r.images {
		if index.Digest == img.Digest || !slices.Contains(index.Children, img.Digest) ||
			class(index) == lifecycle.Archive && !r.on[lifecycle.ArchivedIndex] {
			continue
		}
		_, marked := marks[index.Digest]
		if r.on[lifecycle.ChildrenWait] && marked && !r.protected(index, marks, append(below, img.Digest)) {
			continue
		}
		return true
	}
	return false
}

func (r *reference) tagsMatch(s lifecycle.Selection, tags []string) bool {
	switch s.TagStatus {
	case lifecycle.Any:
		return true
	case lifecycle.Untagged:
		return len(tags) == 0
	case lifecycle.Tagged:
	}
	var want []string
	for _, p := range s.Prefixes {
		want = append(want, "^"+regexp.QuoteMeta(p))
	}
	for _, p := range s.Patterns {
		want = append(want, "^"+strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, "(?s:.*)")+"$")
	}
	for _, w := range want {
		if r.on[lifecycle.CaseSensitive] {
			w = "(?i)" + w
		}
		if !slices.ContainsFunc(tags, regexp.MustCompile(w).MatchString) {
			return false
		}
	}
	return true
}

// hit is the images, of those that a rule identifies, that meet its count.
func (r *reference) hit(s lifecycle.Selection, identified []lifecycle.Image) []lifecycle.Image {
	if s.CountType == lifecycle.ImageCountMoreThan {
		var ranked []lifecycle.Image
		for _, img := range identified {
			child := r.on[lifecycle.ChildrenCounted] && r.protected(img, nil, nil)
			referrer := r.on[lifecycle.ReferrersCounted] && img.Subject != ""
			if !child && !referrer {
				ranked = append(ranked, img)
			}
		}
		slices.SortFunc(ranked, r.younger)
		return ranked[min(len(ranked), s.CountNumber):]
	}
	var old []lifecycle.Image
	for _, img := range identified {
		at := r.basis(s.CountType, img)
		limit := time.Duration(s.CountNumber) * 24 * time.Hour
		switch {
		case at.IsZero():
			if r.on[lifecycle.NoTime] {
				old = append(old, img)
			}
		case r.on[lifecycle.ExactDays]:
			y, m, d := r.now.UTC().Date()
			if at.Before(time.Date(y, m, d-s.CountNumber, 0, 0, 0, 0, time.UTC)) {
				old = append(old, img)
			}
		case r.now.Sub(at) > limit:
			old = append(old, img)
		}
	}
	return old
}

func (r *reference) basis(c lifecycle.CountType, img lifecycle.Image) time.Time {
	restored := img.Pushed
	if !img.Activated.IsZero() {
		restored = img.Activated
	}
	switch {
	case c == lifecycle.SinceImageTransitioned:
		return img.Archived
	case c == lifecycle.SinceImagePulled && !img.Pulled.IsZero() && !img.Activated.After(img.Pulled):
		return img.Pulled
	case c == lifecycle.SinceImagePushed && r.on[lifecycle.RestoredAge]:
		return img.Pushed
	}
	return restored
}

func (r *reference) younger(a, b lifecycle.Image) int {
	x, y := r.basis(lifecycle.ImageCountMoreThan, a), r.basis(lifecycle.ImageCountMoreThan, b)
	order := y.Compare(x)
	if x.IsZero() != y.IsZero() {
		order = 1
		if x.IsZero() != r.on[lifecycle.NoTime] {
			order = -1
		}
	}
	if order != 0 {
		return order
	}
	order = strings.Compare(string(a.Digest), string(b.Digest))
	if r.on[lifecycle.EqualTimes] {
		order = -order
	}
	return order
}
