package usage

import (
	"slices"
	"strings"
)

// Answer is what one source said. With Err it is incomplete: Uses are those
// that were found nevertheless.
type Answer struct {
	Source Source
	Scope  string
	Uses   []Use
	Err    error
}

// Name is what was asked: "ecs eu-central-1".
func (a Answer) Name() string { return strings.TrimSpace(string(a.Source) + " " + a.Scope) }

// Set is what all sources said. Its zero value is that of one who asked nobody.
type Set struct {
	Answers []Answer
	// Unasked are sources that the account has and that nobody wanted to be asked.
	Unasked []Source
}

// Failed are the answers that are incomplete.
func (s Set) Failed() []Answer {
	return slices.DeleteFunc(slices.Clone(s.Answers), func(a Answer) bool { return a.Err == nil })
}

// Incomplete is why the uses may not be all, one sentence for each source that
// failed.
func (s Set) Incomplete() []string {
	var out []string
	for _, a := range s.Failed() {
		out = append(out, a.Name()+": "+a.Err.Error())
	}
	return out
}

// Gaps names the sources that did not tell all of what runs, in a few words.
func (s Set) Gaps() []string {
	failed := s.Failed()
	if len(failed) == 0 {
		return nil
	}
	names := make([]string, len(failed))
	for i, a := range failed {
		names[i] = a.Name()
	}
	return []string{strings.Join(names, ", ") + " did not tell what runs"}
}

// Whole reports whether somebody was asked, and everybody has answered.
func (s Set) Whole() bool { return len(s.Answers) > 0 && len(s.Failed()) == 0 }

// Uses are those of a repository, merged.
func (s Set) Uses(host, repository string) []Use {
	var out []Use
	for _, a := range s.Answers {
		for _, u := range a.Uses {
			if u.Image.Host == host && u.Image.Repository == repository {
				out = append(out, u)
			}
		}
	}
	return Merge(out)
}

// On is the set with the uses of one registry only, which may have several
// names; they all become the first.
func (s Set) On(names ...string) Set {
	out := Set{Answers: slices.Clone(s.Answers), Unasked: s.Unasked}
	for i, a := range out.Answers {
		var kept []Use
		for _, u := range a.Uses {
			if slices.Contains(names, u.Image.Host) {
				u.Image.Host = names[0]
				kept = append(kept, u)
			}
		}
		out.Answers[i].Uses = kept
	}
	return out
}
