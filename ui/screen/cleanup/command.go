package cleanup

import (
	"strconv"

	"regatta/model/cleanup"
	"regatta/model/text"
	"regatta/ui/kit"
)

// copyCommand copies the rules as the command that does the same.
func (s *Screen) copyCommand() kit.Intent {
	words := command(s.wire.Context.Host+"/"+s.wire.Repository, s.rules, s.keep.path)
	what := "the prune command"
	if n := len(s.rules.Exceptions); n > 0 {
		what += ", without " + text.Plural(n, "exception", "exceptions") + " by hand"
	}
	return kit.Copy{What: what, Text: text.Shell(words)}
}

// command is the words of regatta prune for rules.
func command(repository string, r cleanup.Rules, keepFrom string) []string {
	words := []string{"regatta", "prune", repository}
	flag := func(is bool, said ...string) {
		if is {
			words = append(words, said...)
		}
	}
	each := func(name string, values []string) {
		for _, v := range values {
			words = append(words, name, v)
		}
	}
	each("--match", r.Match)
	flag(r.AnyTag && len(r.Match) > 0, "--any-tag")
	flag(r.Untagged, "--untagged")
	flag(r.Orphans, "--orphans")
	flag(r.Broken, "--broken")
	if r.Last != nil {
		flag(true, "--keep-last", strconv.Itoa(r.Last.Count))
		flag(r.Last.By == cleanup.ByVersion, "--by", "version")
	}
	flag(r.OlderThan > 0, "--older-than", ageText(r.OlderThan))
	flag(r.NotPulled > 0, "--not-pulled", ageText(r.NotPulled))
	each("--exclude", r.Exclude)
	each("--protect", r.Protected)
	flag(keepFrom != "", "--keep-from", keepFrom)
	flag(r.Grace > 0, "--grace", ageText(r.Grace))
	return words
}

func (s *Screen) noCommand() string {
	if s.rules.Empty() {
		return "no rule asks for anything to be removed"
	}
	return s.notLoaded()
}
