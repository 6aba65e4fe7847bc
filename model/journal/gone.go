package journal

import (
	"regatta/model/plan"
	"regatta/model/ref"
)

// The levels of remarks about Vanished.
const (
	wentAlong = "along"
	wentAlone = "alone"
	unknown   = "unknown"
)

// GoneRemark is what is written down of a tag that vanished.
func GoneRemark(g plan.Stray) Remark {
	level := wentAlone
	switch {
	case g.Along:
		level = wentAlong
	case g.Unknown:
		level = unknown
	}
	return Remark{About: Vanished, Level: level, Text: g.Reference}
}

// Sentence is the remark for whoever reads it alone.
func (m Remark) Sentence() string {
	if m.About == Vanished {
		return m.stray().String()
	}
	return m.Text
}

func (m Remark) stray() plan.Stray {
	return plan.Stray{Reference: m.Text, Along: m.Level == wentAlong, Unknown: m.Level == unknown}
}

// AlsoGone are the tags that vanished during the run, and that its plan did not
// name.
func (r Run) AlsoGone() []plan.Stray {
	out := []plan.Stray{}
	for _, m := range r.About(Vanished) {
		out = append(out, m.stray())
	}
	return out
}

// Alone are the tags that vanished during the run although it did not delete what they
// pointed to, with what that was.
func (r Run) Alone() []ref.Reference {
	var out []ref.Reference
	for _, g := range r.AlsoGone() {
		at, err := ref.Parse(g.Reference)
		if !g.Along && !g.Unknown && err == nil && at.Tag != "" {
			out = append(out, at)
		}
	}
	return out
}

// Along are the tags that went along with what the run has deleted, with what they
// pointed to.
func (r Run) Along() []ref.Reference {
	var out []ref.Reference
	for _, g := range r.AlsoGone() {
		at, err := ref.Parse(g.Reference)
		if g.Along && err == nil && at.Tag != "" && at.Digest != "" {
			out = append(out, at)
		}
	}
	return out
}
