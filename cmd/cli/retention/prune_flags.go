package retention

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/pflag"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/propose"
	"regatta/model/cleanup"
	"regatta/model/query"
	"regatta/model/ref"
)

type pruneOptions struct {
	propose.Options

	last struct {
		given bool
		count int
		by    pruneOrder
	}
	olderThan, notPulled, grace age

	match, exclude, protect           []string
	anyTag, untagged, orphans, broken bool

	keepFrom string
	archive  string
	asked    change.Asked
}

func (o *pruneOptions) flags(f *pflag.FlagSet) {
	o.last.by = "pushed"
	f.IntVar(&o.last.count, "keep-last", 0, "keep the newest `N`, of each --match on its own")
	f.Var(&o.last.by, "by", "what the newest are the newest by: `ORDER` pushed or version")
	f.Var(&o.olderThan, "older-than", "remove what is older than an `AGE` such as 30d, 12w, 6mo or 2y")
	f.Var(&o.notPulled, "not-pulled", "remove what was not pulled for an `AGE`, where the registry tells")
	f.StringSliceVar(&o.match, "match", nil, "remove images of which all tags match a `PATTERN` with * and ?")
	f.StringSliceVar(&o.exclude, "exclude", nil, "keep images of which a tag matches the `PATTERN`")
	f.BoolVar(&o.anyTag, "any-tag", false, "one tag that matches is enough; the others go along")
	f.BoolVar(&o.untagged, "untagged", false, "remove images without tags, where the registry lists them")
	f.BoolVar(&o.orphans, "orphans", false, "remove signatures, attestations and SBOMs of images that are not there")
	f.BoolVar(&o.broken, "broken", false, "remove indexes of which a child is not there")
	f.StringVar(&o.keepFrom, "keep-from", "", "keep what a `FILE` names: a tag, digest, pattern or reference a line")
	f.StringSliceVar(&o.protect, "protect", nil, "never remove images of which a tag matches, in any case, the `PATTERN`")
	f.Var(&o.grace, "grace",
		"archive first, or mark by a tag where there is no archive, and remove after an `AGE`")
	propose.SlowListFlag(f, &o.asked)
	f.BoolVar(&o.asked.InUse, "in-use", false, "remove also where it is not fully known what runs (refused otherwise)")
	f.StringVar(&o.archive, "archive", "",
		"keep the whole images in the OCI image layout `DIR` first, so that undo can bring all of it back later")
}

// rules are the flags as rules for a repository.
func (o *pruneOptions) rules(ctx context.Context, repository ref.Reference) (cleanup.Rules, error) {
	r := cleanup.Rules{
		Match: o.match, Exclude: o.exclude, AnyTag: o.anyTag, Protected: o.protect,
		Untagged: o.untagged, Orphans: o.orphans, Broken: o.broken,
		OlderThan: time.Duration(o.olderThan), NotPulled: time.Duration(o.notPulled), Grace: time.Duration(o.grace),
	}
	if o.last.given {
		r.Last = &cleanup.Last{Count: o.last.count}
		if o.last.by == "version" {
			r.Last.By = cleanup.ByVersion
		}
	}
	if o.last.count < 0 {
		return r, app.Mistakef("--keep-last %d: want a number that is not negative", o.last.count)
	}
	if r.Empty() {
		return r, app.Mistakef("nothing says what to remove: give --match, --keep-last, --older-than, --not-pulled, " +
			"--untagged, --orphans or --broken")
	}
	if err := r.Check(); err != nil {
		return r, app.Mistake(err)
	}
	return r, o.keepList(ctx, &r, repository)
}

func (o *pruneOptions) keepList(ctx context.Context, r *cleanup.Rules, repository ref.Reference) error {
	if o.keepFrom == "" {
		return nil
	}
	var err error
	r.Keep, err = retention.KeepList(ctx, o.keepFrom, repository)
	return err
}

// age is a flag that takes ages such as 30d.
type age time.Duration

// String implements pflag.Value.
func (a *age) String() string {
	if *a == 0 {
		return ""
	}
	return time.Duration(*a).String()
}

// Type implements pflag.Value.
func (a *age) Type() string { return "AGE" }

// Set implements pflag.Value.
func (a *age) Set(s string) error {
	d, ok := query.ParseAge(s)
	if !ok || d == 0 {
		return errors.New("want an age such as 12h, 30d, 12w, 6mo or 2y")
	}
	*a = age(d)
	return nil
}

// pruneOrder is a flag that takes the name of an order.
type pruneOrder string

// String implements pflag.Value.
func (p *pruneOrder) String() string { return string(*p) }

// Type implements pflag.Value.
func (p *pruneOrder) Type() string { return "ORDER" }

// Set implements pflag.Value.
func (p *pruneOrder) Set(s string) error {
	if s != "pushed" && s != "version" {
		return errors.New("want pushed or version")
	}
	*p = pruneOrder(s)
	return nil
}
