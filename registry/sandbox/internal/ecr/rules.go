package ecr

import (
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// rule is one of a policy's, as its text has it (user guide,
// lifecycle_policy_parameters).
type rule struct {
	Priority  int `json:"rulePriority"`
	Selection struct {
		TagStatus string   `json:"tagStatus"`
		Patterns  []string `json:"tagPatternList"`
		Prefixes  []string `json:"tagPrefixList"`
		Class     string   `json:"storageClass"`
		CountType string   `json:"countType"`
		Number    int      `json:"countNumber"`
	} `json:"selection"`
	Action struct {
		Type string `json:"type"`
	} `json:"action"`
}

var errRules = errors.New("Could not map policyString into LifecyclePolicy.") //nolint:revive,staticcheck // AWS's words

// apply is the account's own evaluation: for every rule in turn, which images it
// is about, which of these it takes, and that no later one gets any of them. It
// goes by the user guide's text alone, the slow way, and shares nothing with
// what it is there to check.
func apply(policy string, images []LifecycleImage, now time.Time) ([]Verdict, error) {
	var doc struct {
		Rules []rule `json:"rules"`
	}
	if json.Unmarshal([]byte(policy), &doc) != nil || len(doc.Rules) == 0 {
		return nil, errRules
	}
	slices.SortFunc(doc.Rules, func(a, b rule) int { return cmp.Compare(a.Priority, b.Priority) })
	claimed := map[string]bool{}
	var out []Verdict
	for _, r := range doc.Rules {
		about := r.about(images)
		for place, i := range about {
			if r.takes(i, place, now) && !claimed[i.Digest] && !held(i, images) {
				out = append(out, Verdict{Digest: i.Digest, Archive: r.Action.Type == "transition", Priority: r.Priority})
			}
		}
		for _, i := range about {
			claimed[i.Digest] = true
		}
	}
	return withReferrers(out, images), nil
}

// about are the images that a rule selects, the youngest first.
func (r rule) about(images []LifecycleImage) []LifecycleImage {
	var out []LifecycleImage
	for _, i := range images {
		if i.Archived == (r.Selection.Class == "archive") && r.fits(i.Tags) {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b LifecycleImage) int {
		return cmp.Or(b.since().Compare(a.since()), cmp.Compare(a.Digest, b.Digest))
	})
	return out
}

// since is from when the age of an image counts.
func (i LifecycleImage) since() time.Time {
	if i.ActivatedAt.IsZero() {
		return i.PushedAt
	}
	return i.ActivatedAt
}

func (r rule) fits(tags []string) bool {
	switch r.Selection.TagStatus {
	case "any":
		return true
	case "untagged":
		return len(tags) == 0
	}
	met := func(pattern string) bool {
		whole := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$")
		return slices.ContainsFunc(tags, whole.MatchString)
	}
	for _, p := range r.Selection.Prefixes {
		if !met(p + "*") {
			return false
		}
	}
	for _, p := range r.Selection.Patterns {
		if !met(p) {
			return false
		}
	}
	return true
}

// takes tells whether the rule would have the image that stands at a place
// among those that it is about.
func (r rule) takes(i LifecycleImage, place int, now time.Time) bool {
	from := i.since()
	switch r.Selection.CountType {
	case "imageCountMoreThan":
		return place >= r.Selection.Number
	case "sinceImagePulled":
		if i.PulledAt.After(from) || !i.PulledAt.IsZero() && i.ActivatedAt.IsZero() {
			from = i.PulledAt
		}
	case "sinceImageTransitioned":
		from = i.ArchivedAt
	}
	return from.Before(now.Add(-time.Duration(r.Selection.Number) * 24 * time.Hour))
}

// held tells whether an index that is not in the archive lists the image.
func held(i LifecycleImage, images []LifecycleImage) bool {
	return slices.ContainsFunc(images, func(index LifecycleImage) bool {
		return !index.Archived && index.Digest != i.Digest && slices.Contains(index.Children, i.Digest)
	})
}

// withReferrers adds what refers to images that go, and what refers to that
// (user guide, LifecyclePolicies: within 24 hours).
func withReferrers(out []Verdict, images []LifecycleImage) []Verdict {
	at := map[string]Verdict{}
	for _, v := range out {
		at[v.Digest] = v
	}
	for again := true; again; {
		again = false
		for _, i := range images {
			subject, goes := at[i.Subject]
			_, known := at[i.Digest]
			if !goes || known || subject.Archive && i.Archived || held(i, images) {
				continue
			}
			v := Verdict{Digest: i.Digest, Archive: subject.Archive, Priority: subject.Priority}
			at[i.Digest] = v
			out, again = append(out, v), true
		}
	}
	return out
}
