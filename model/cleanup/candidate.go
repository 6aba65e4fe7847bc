package cleanup

import (
	"strings"

	"regatta/model/image"
	"regatta/model/text"
)

// candidate is whether an image is of a kind that is asked for, and why. Kind
// names those that have groups of their own.
type candidate struct {
	ok   bool
	kind string
	why  string
}

func not(why string) candidate { return candidate{why: why} }

// candidate judges what an image is, not yet how old. One that is excluded
// takes no place among the last ones.
func (e *evaluation) candidate(img *Image) candidate {
	if why, ok := e.excluded(img); ok {
		return not(why)
	}
	switch {
	case e.rules.Empty():
		return not("no rule asks for it")
	case img.unread != "":
		return not("it could not be read: " + img.unread)
	case img.role == orphan:
		return e.orphaned(img)
	case img.role == company || img.role == part:
		return not("")
	case e.rules.Broken && img.missing > 0:
		return candidate{true, "of broken indexes", "a broken index: " + img.holes()}
	case len(img.Tags) == 0:
		return e.untagged()
	case !e.rules.tagged():
		return not("images with tags are not asked for")
	}
	return e.matched(img)
}

func (e *evaluation) orphaned(img *Image) candidate {
	if !e.rules.Orphans {
		return not(img.what() + ", which is not there, and orphans are not asked for")
	}
	return candidate{true, "", img.what() + ", which is not there"}
}

func (e *evaluation) untagged() candidate {
	switch {
	case !e.rules.Untagged:
		return not("it has no tags, and untagged images are not asked for")
	case !e.parentsKnown:
		return not("it has no tags, and something that could not be read may list it")
	}
	return candidate{true, "without tags", "it has no tags"}
}

func (e *evaluation) matched(img *Image) candidate {
	if len(e.rules.Match) == 0 {
		return candidate{ok: true}
	}
	patterns := strings.Join(e.rules.Match, " or ")
	for _, t := range img.Tags {
		_, ok := first(e.rules.Match, t)
		switch {
		case ok && e.rules.AnyTag:
			return candidate{ok: true, why: t + " matches " + patterns}
		case !ok && !e.rules.AnyTag:
			return not(t + " does not match " + patterns)
		}
	}
	if e.rules.AnyTag {
		return not("no tag of it matches " + patterns)
	}
	return candidate{ok: true, why: "all tags match " + patterns}
}

// what is what an image is to the ones that it accompanies.
func (img *Image) what() string {
	for _, t := range img.Tags {
		if c, ok := image.ParseCompanion(t); ok {
			return "it is the " + c.String()
		}
	}
	if len(img.of) == 0 {
		return ""
	}
	return "it refers to " + img.of[0].Short()
}

func (img *Image) holes() string {
	are := " are"
	if img.missing == 1 {
		are = " is"
	}
	return text.Count(img.missing) + " of its " + text.Plural(img.total, "child", "children") + are + " not there"
}
