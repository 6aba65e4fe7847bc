package cleanup

import (
	"errors"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/cleanup"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// change gives the rules another value of one of them, from what was typed. An
// empty text takes the rule away.
type change func(r *cleanup.Rules, typed string) error

// ask asks for a rule, and has it count with every key.
func (s *Screen) ask(title, hint, value string, apply change) kit.Intent {
	check := func(typed string) error {
		var tried cleanup.Rules
		return apply(&tried, typed)
	}
	live := func(typed string) tea.Cmd {
		rules := s.rules
		if apply(&rules, typed) != nil {
			return nil
		}
		return s.set(rules)
	}
	return kit.Push{Overlay: ask.NewLive(s.com.Look, title, hint+"; empty: no such rule", value, check, live)}
}

func (s *Screen) askLast() kit.Intent {
	value := ""
	if s.rules.Last != nil {
		value = strconv.Itoa(s.rules.Last.Count)
	}
	by := cleanup.ByPushed
	if s.rules.Last != nil {
		by = s.rules.Last.By
	}
	return s.ask("keep the newest", "a number, of each pattern on its own", value,
		func(r *cleanup.Rules, typed string) error {
			if r.Last = nil; typed == "" {
				return nil
			}
			n, err := strconv.Atoi(typed)
			if err != nil || n < 0 {
				return errors.New("want a number such as 10")
			}
			r.Last = &cleanup.Last{Count: n, By: by}
			return nil
		})
}

func (s *Screen) askOlder() kit.Intent {
	return s.ask("remove what is older than", "12h, 30d, 12w, 6mo or 2y", ageText(s.rules.OlderThan),
		func(r *cleanup.Rules, typed string) (err error) {
			r.OlderThan, err = age(typed)
			return err
		})
}

func (s *Screen) askPulled() kit.Intent {
	return s.ask("remove what was not pulled for", "12h, 30d, 12w, 6mo or 2y", ageText(s.rules.NotPulled),
		func(r *cleanup.Rules, typed string) (err error) {
			r.NotPulled, err = age(typed)
			return err
		})
}

func (s *Screen) askMatch() kit.Intent {
	return s.ask("remove images of which the tags match", "patterns with * and ?, such as pr-* git-*",
		strings.Join(s.rules.Match, " "), func(r *cleanup.Rules, typed string) (err error) {
			r.Match, err = patterns(typed)
			return err
		})
}

func (s *Screen) askExclude() kit.Intent {
	return s.ask("keep images of which a tag matches", "patterns with * and ?, such as v* release-*",
		strings.Join(s.rules.Exclude, " "), func(r *cleanup.Rules, typed string) (err error) {
			r.Exclude, err = patterns(typed)
			return err
		})
}

func age(typed string) (time.Duration, error) {
	if typed == "" {
		return 0, nil
	}
	d, ok := query.ParseAge(typed)
	if !ok || d == 0 {
		return 0, errors.New("want an age such as 12h, 30d, 12w, 6mo or 2y")
	}
	return d, nil
}

func patterns(typed string) ([]string, error) {
	all := strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' })
	return all, cleanup.Rules{Match: all}.Check()
}

// ageText is an age as it is typed.
func ageText(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == 0:
		return ""
	case d%day == 0:
		return strconv.Itoa(int(d/day)) + "d"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	}
	return strconv.Itoa(int(d/time.Second)) + "s"
}

// flip is what a key does that turns a rule round.
func (s *Screen) flip(turn func(*cleanup.Rules)) func() (kit.Intent, tea.Cmd) {
	return func() (kit.Intent, tea.Cmd) {
		rules := s.rules
		turn(&rules)
		return nil, s.set(rules)
	}
}

func turnOrder(r *cleanup.Rules) {
	last := *r.Last
	last.By = cleanup.ByPushed + cleanup.ByVersion - last.By
	r.Last = &last
}

// words are the rules as they are read.
func words(r cleanup.Rules) []string {
	var out []string
	if r.Last != nil {
		by := ""
		if r.Last.By == cleanup.ByVersion {
			by = " by version"
		}
		out = append(out, "keep newest "+text.Count(r.Last.Count)+by)
	}
	add := func(is bool, what string) {
		if is {
			out = append(out, what)
		}
	}
	all := "match "
	if r.AnyTag {
		all = "match any tag "
	}
	add(r.OlderThan > 0, "older than "+ageText(r.OlderThan))
	add(r.NotPulled > 0, "not pulled for "+ageText(r.NotPulled))
	add(len(r.Match) > 0, all+strings.Join(r.Match, " "))
	add(len(r.Exclude) > 0, "exclude "+strings.Join(r.Exclude, " "))
	add(len(r.Protected) > 0, "protect "+strings.Join(r.Protected, " "))
	add(r.Grace > 0, "grace "+ageText(r.Grace))
	add(r.Untagged, "untagged")
	add(r.Orphans, "orphans")
	add(r.Broken, "broken")
	return out
}
