package cleanup

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"regatta/model/order"
	"regatta/model/text"
)

// place is where an image stands among those that the last ones are kept of.
type place struct {
	number int // 0: it cannot be counted
	count  int // how many of the group there are
	group  string
	tie    bool // others are as new
	spared bool
}

// contender is an image of a group.
type contender struct {
	image   int
	at      time.Time
	version order.Key
}

// rank gives every candidate its best place. What accompanied an image is none
// itself, and is not counted.
func (e *evaluation) rank() {
	groups := map[string][]contender{}
	for i := range e.stock.Images {
		if e.candidates[i].ok && e.stock.Images[i].role != orphan {
			e.enter(groups, i)
		}
	}
	for name, group := range groups {
		slices.SortFunc(group, e.newest)
		for at, c := range group {
			tie := at > 0 && e.equal(group[at-1], c) || at+1 < len(group) && e.equal(c, group[at+1])
			e.settlePlace(c.image, place{
				number: at + 1, count: len(group), group: name, tie: tie, spared: at < e.rules.Last.Count,
			})
		}
	}
}

// enter puts an image into its groups, one for each pattern that a tag of it
// matches. What has no time, or no version, is in none.
func (e *evaluation) enter(groups map[string][]contender, i int) {
	img, c := &e.stock.Images[i], contender{image: i, at: e.stock.Images[i].Time}
	add := func(group string, tags []string) {
		c.version = order.Best(tags)
		switch {
		case e.rules.Last.By == ByPushed && c.at.IsZero():
		case e.rules.Last.By == ByVersion && c.version.Class() < order.Date:
		default:
			groups[group] = append(groups[group], c)
		}
	}
	if kind := e.candidates[i].kind; kind != "" || len(e.rules.Match) == 0 {
		add(kind, img.Tags)
		return
	}
	for _, p := range e.rules.Match {
		if tags := matching(p, img.Tags); len(tags) > 0 {
			add("that match "+p, tags)
		}
	}
}

func matching(pattern string, tags []string) []string {
	var out []string
	for _, t := range tags {
		if _, ok := first([]string{pattern}, t); ok {
			out = append(out, t)
		}
	}
	return out
}

// settlePlace keeps the better of two places, whatever the order in which the
// groups come.
func (e *evaluation) settlePlace(image int, p place) {
	old := &e.places[image]
	better := cmp.Or(boolCompare(old.spared, p.spared), cmp.Compare(p.number, old.number), cmp.Compare(p.group, old.group))
	if old.number == 0 || better < 0 {
		*old = p
	}
}

// boolCompare is negative where only b holds.
func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// newest puts the newest first. Equal ones are in the order of their digests.
func (e *evaluation) newest(a, b contender) int {
	return cmp.Or(e.compare(b, a), cmp.Compare(a.image, b.image))
}

func (e *evaluation) compare(a, b contender) int {
	if e.rules.Last.By == ByVersion {
		return cmp.Or(cmp.Compare(a.version, b.version), a.at.Compare(b.at))
	}
	return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.version, b.version))
}

// equal tells that another thing than what was asked for decided.
func (e *evaluation) equal(a, b contender) bool {
	if e.rules.Last.By == ByVersion {
		return a.version == b.version
	}
	return a.at.Equal(b.at)
}

// spared says why an image is among the last, or cannot be counted.
func (e *evaluation) spared(i int) (string, bool) {
	p := e.places[i]
	switch {
	case p.number > 0 && p.spared:
		return fmt.Sprintf("it is number %s of the newest %s%s%s%s", text.Count(p.number),
			text.Count(e.rules.Last.Count), space(p.group), e.how(), e.decided(p)), true
	case p.number > 0:
		return "", false
	case e.rules.Last.By == ByVersion:
		return "none of its tags is a version, so that it is not counted", true
	}
	return "no time is known of it, so that it is not counted", true
}

// beyond says why it is not.
func (e *evaluation) beyond(i int) string {
	p := e.places[i]
	return fmt.Sprintf("number %s of %s%s, of which the newest %s stay%s%s", text.Count(p.number), text.Count(p.count),
		space(p.group), text.Count(e.rules.Last.Count), e.how(), e.decided(p))
}

func (e *evaluation) how() string {
	if e.rules.Last.By == ByVersion {
		return " by version"
	}
	return ""
}

func (e *evaluation) decided(p place) string {
	switch {
	case !p.tie:
		return ""
	case e.rules.Last.By == ByVersion:
		return "; others have the same version, so that times and then digests decide"
	}
	return "; others have the same time, so that tags and then digests decide"
}

func space(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}
