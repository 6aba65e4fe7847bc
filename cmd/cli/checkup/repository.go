package checkup

import (
	"context"
	"fmt"
	"strings"

	"regatta/cmd/app"
	"regatta/cmd/app/doctor"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/reading"
	"regatta/cmd/cli/verb"
	"regatta/model/health"
	"regatta/model/ref"
	"regatta/model/text"
)

// ward is one repository under doctor's eyes.
type ward struct {
	of       *retention.Health
	findings []health.Finding
	blobs    bool // they were looked for
	unasked  int  // requests for them that failed
}

// repositoryOf is the repository that doctor is asked about, if it is one.
func repositoryOf(s *app.App, args []string) (r ref.Reference, ok bool, err error) {
	if len(args) == 0 || !strings.Contains(args[0], "/") {
		return r, false, nil
	}
	for _, c := range s.Contexts() {
		if c.Name == args[0] {
			return r, false, nil
		}
	}
	r, err = verb.RepositoryNamed(s, args[0])
	return r, true, err
}

func examineRepository(ctx context.Context, a *verb.Program, s *app.App, r ref.Reference, o Options) error {
	w, err := admit(ctx, a, s, r, o)
	if err != nil {
		return err
	}
	doc := &HealthJSON{Repository: r.Name(), Checks: []checkJSON{}, Findings: []healthFindingJSON{}}
	checks := w.checks()
	failed := 0
	for _, c := range checks {
		doc.check(c.name, c.found)
		if c.found.Status == doctor.StatusFail {
			failed++
		}
	}
	w.describe(doc)
	if err := a.Streams.Print(o.Output, output.Result{JSON: doc, Text: doc.write}); err != nil {
		return err
	}
	if failed > 0 {
		return output.End(output.Failed, fmt.Errorf("%s of %d failed", text.Plural(failed, "check", "checks"), len(checks)))
	}
	return nil
}

type wardCheck struct {
	name  string
	found doctor.Finding
}

func (w *ward) checks() []wardCheck {
	return []wardCheck{
		{"manifests", w.manifests()},
		{"indexes", w.judge(health.MissingChild, doctor.StatusFail, "all indexes have their children",
			"index lacks children", "indexes lack children")},
		{"blobs", w.blobsFound()},
		{"referrers", w.judge(health.LostSubject, doctor.StatusWarn, "all referrers have their subject",
			"manifest refers to what is not there", "manifests refer to what is not there")},
		{"signatures", w.judge(health.OrphanTag, doctor.StatusWarn, "all signature tags have their image",
			"tag belongs to an image that is not there", "tags belong to images that are not there")},
		{"untagged", w.untagged()},
	}
}

// admit reads the repository, and only reads it.
func admit(ctx context.Context, a *verb.Program, s *app.App, r ref.Reference, o Options) (w *ward, err error) {
	w = &ward{blobs: o.blobs}
	if w.of, err = reading.Health(ctx, s, a.Streams, r, o.yes); err != nil {
		return nil, err
	}
	w.findings = w.of.Findings()
	if o.blobs {
		p := a.Streams.Progress(s.Now, "read", "tags and manifests")
		defer p.Clear()
		w.findings, w.unasked, err = w.of.Blobs(ctx, p.Add)
	}
	return w, err
}

func (w *ward) manifests() doctor.Finding {
	read, gaps := text.Plural(w.of.Read(), "manifest", "manifests"), w.of.Gaps()
	if len(gaps) > 0 {
		return doctor.Fail("the rest goes by what could be read", "%s, and %s not be read: %s", read,
			text.Plural(len(gaps), "thing could", "things could"), gaps[0])
	}
	return doctor.OK("%s", read)
}

func (w *ward) count(kind health.Kind) int {
	n := 0
	for _, f := range w.findings {
		if f.Kind == kind {
			n++
		}
	}
	return n
}

// judge is what there is of a kind.
func (w *ward) judge(kind health.Kind, bad doctor.Status, fine, one, many string) doctor.Finding {
	n := w.count(kind)
	if n == 0 {
		return doctor.OK("%s", fine)
	}
	return doctor.Finding{Status: bad, Message: text.Plural(n, one, many), Advice: w.of.AdviceOn(kind)}
}

func (w *ward) blobsFound() doctor.Finding {
	switch {
	case !w.blobs:
		return doctor.Skip("not looked for: --blobs asks for each of them")
	case w.unasked > 0:
		return doctor.Fail("try again", "it could not be found out whether they are there: %s failed",
			text.Plural(w.unasked, "request", "requests"))
	}
	return w.judge(health.MissingBlob, doctor.StatusFail, "all configs and layers are there",
		"manifest lacks blobs", "manifests lack blobs")
}

func (w *ward) untagged() doctor.Finding {
	if w.of.Unlisted() && w.count(health.Unreferenced) == 0 {
		return doctor.Skip("the registry does not list manifests without tags")
	}
	return w.judge(health.Unreferenced, doctor.StatusWarn, "all manifests are reached by something",
		"manifest is reached by nothing", "manifests are reached by nothing")
}
