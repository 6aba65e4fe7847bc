package cleanup

import (
	"slices"
	"strings"

	"regatta/model/graph"
	"regatta/model/ref"
)

// finish turns the images that were chosen into verdicts on all.
func (e *evaluation) finish(chosen []ref.Digest) {
	chosen, blast := e.unbroken(chosen)
	if e.rules.Grace > 0 {
		chosen, blast = e.grace(chosen)
	}
	for _, d := range chosen {
		e.verdict(d).Outcome = Removed
	}
	for _, f := range blast.Falls {
		if f.Cause != graph.Asked {
			*e.verdict(f.Digest) = Verdict{Outcome: Removed, Why: e.along(f), Along: true}
		}
	}
	for _, s := range blast.Stays {
		if v := e.verdict(s.Digest); v.Why == "" || s.Hold == graph.MayBeParent {
			v.Why = e.stays(s)
		}
	}
	for i := range e.stock.Images {
		if v := &e.out.Verdicts[i]; v.Why == "" {
			v.Why = e.belongs(&e.stock.Images[i])
		}
	}
	e.out.Bytes, e.out.Exact = blast.Bytes, blast.Exact
}

func (e *evaluation) verdict(d ref.Digest) *Verdict {
	if i, ok := e.stock.at[d]; ok {
		return &e.out.Verdicts[i]
	}
	return &Verdict{}
}

// unbroken takes out of the chosen images what an index needs that stays, until
// none is broken.
func (e *evaluation) unbroken(chosen []ref.Digest) ([]ref.Digest, graph.Blast) {
	for {
		blast := e.stock.graph.Blast(chosen, nil)
		if len(blast.Breaks) == 0 {
			return chosen, blast
		}
		needed := map[ref.Digest]bool{}
		for _, b := range blast.Breaks {
			if !needed[b.Child] {
				needed[b.Child] = true
				e.verdict(b.Child).Why = "the index " + e.stock.name(b.Parent) + " needs it"
			}
		}
		chosen = slices.DeleteFunc(slices.Clone(chosen), func(d ref.Digest) bool { return needed[d] })
	}
}

func (e *evaluation) along(f graph.Fall) string {
	of := e.stock.name(f.Of)
	switch f.Cause {
	case graph.IsChild:
		return "it goes with the index " + of + ", and nothing else lists it"
	case graph.IsBeside, graph.IsReferrer:
		return "it describes " + of + ", which goes"
	case graph.Asked:
	}
	return "it goes with " + of
}

func (e *evaluation) stays(s graph.Stay) string {
	switch s.Hold {
	case graph.HasParents:
		return "the index " + e.names(s.By) + " needs it"
	case graph.HasSubject:
		return "it describes " + e.names(s.By) + " too"
	case graph.MayBeParent:
		return "something that could not be read may list it"
	case graph.NotRead:
		return "it could not be read: " + s.Reason
	case graph.HasTags:
	}
	return "it has tags of its own"
}

// belongs is why an image stays that only goes with others.
func (e *evaluation) belongs(img *Image) string {
	switch img.role {
	case part:
		return "the index " + e.names(img.of) + " needs it"
	case company:
		return "it describes " + e.names(img.of)
	case single, orphan:
	}
	return "no rule asks for it"
}

func (e *evaluation) names(all []ref.Digest) string {
	const most = 2
	out := make([]string, 0, most+1)
	for i, d := range all {
		if i == most {
			out = append(out, "others")
			break
		}
		out = append(out, e.stock.name(d))
	}
	return strings.Join(out, " and ")
}
