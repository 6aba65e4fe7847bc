package retention_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/app/retention"
	"regatta/cmd/config"
	"regatta/model/cleanup"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/health"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const keepNone = `{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any",
	"countType": "imageCountMoreThan", "countNumber": 1}, "action": {"type": "expire"}}]}`

// on is an app and a backend that reach nothing but the sandbox.
func on(t *testing.T, host string) (*app.App, registry.Backend, *sandbox.Registry) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none", "AWS_ENDPOINT_URL": "",
	} {
		t.Setenv(name, value)
	}
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Auth: sandbox.Auth{AWS: host == account}})
	c := config.Default()
	c.Cache.Path = store.Memory
	a := app.New(sandbox.Epoch, c, app.Flags{})
	a.Base = reg.Transport()
	t.Cleanup(func() { _ = a.Close(); _ = reg.Close() })
	b, err := a.Open(host)
	if err != nil {
		t.Fatal(err)
	}
	return a, b, reg
}

const account = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"

func in(repository string) ref.Reference { return ref.Reference{Host: account, Repository: repository} }

// A policy is tried on all that a repository holds, with what runs of it and what it
// saves; where AWS says something else, that is told.
func TestPreview(t *testing.T) {
	a, b, _ := on(t, account)
	r := in("shop/worker")
	c, err := retention.Read(t.Context(), b, r, retention.ForPolicies())
	if err != nil {
		t.Fatal(err)
	}
	found, err := retention.InputOf(t.Context(), a, b, r, c)
	if err != nil || len(found.Images) == 0 || !found.AllUses {
		t.Fatalf("%d images, error %v", len(found.Images), err)
	}
	policy, err := retention.Saved(r, keepNone)
	if err != nil {
		t.Fatal(err)
	}
	p := retention.NewPreview(found, policy, sandbox.Epoch(), nil)
	if _, asked := p.AWSOutcome(found.Images[0].Digest); asked || p.Differs() != nil {
		t.Error("AWS was not asked, and says something")
	}
	if m, known := p.Saves(); !known || m.Amount <= 0 || p.Summary.Expire == 0 || p.InUse() == 0 {
		t.Errorf("%+v saves %v (%v), %d in use", p.Summary, m, known, p.InUse())
	}
	if notes := found.RestsOn(); len(notes) != 0 {
		t.Errorf("it rests on %q", notes)
	}
	p.AWS = &retention.AWSPreview{Says: map[ref.Digest]lifecycle.Verdict{}} // it would keep all
	if len(p.Differs()) != p.Summary.Expire {
		t.Errorf("AWS differs on %d", len(p.Differs()))
	}
	p.AWS.Err = &fault.Error{Kind: fault.Denied}
	if _, asked := p.AWSOutcome(found.Images[0].Digest); asked || p.Differs() != nil {
		t.Error("AWS has failed to answer, and keeps all")
	}
	totals := retention.TotalsOf([]retention.Tried{{Preview: p}, {Err: &fault.Error{Kind: fault.NotFound}}, {Preview: p}})
	if totals.Repositories != 3 || totals.Failed != 1 || totals.Expire != 2*p.Summary.Expire || totals.Saves == nil {
		t.Errorf("together %+v", totals)
	}
	other := *p
	in := *found
	in.Price = cost.Price{Standard: 1, Currency: "SEK"}
	other.Input = &in
	if mixed := retention.TotalsOf([]retention.Tried{{Preview: p}, {Preview: &other}, {Preview: p}}); mixed.Saves != nil {
		t.Errorf("dollars and crowns are %v", mixed.Saves)
	}
}

// A policy that was changed since it was seen is not overwritten; whoever has seen none
// replaces what there is.
func TestPlanPolicy(t *testing.T) {
	a, b, reg := on(t, account)
	r := in("shop/mailer")
	reg.SetLifecycle(r.Repository, keepNone)
	shown := ""
	if _, err := retention.PlanPolicy(t.Context(), a, b, r, "", &shown); !fault.Is(err, fault.Drift) {
		t.Errorf("another policy than was shown: %v", err)
	}
	shown = lifecycle.Canonical(keepNone)
	for name, seen := range map[string]*string{"the same": &shown, "none": nil} {
		if p, err := retention.PlanPolicy(t.Context(), a, b, r, "", seen); err != nil || len(p.Steps) != 1 {
			t.Errorf("%s: %d steps, error %v", name, len(p.Steps), err)
		}
	}
	if _, err := retention.Saved(r, `{"rules": 7}`); !fault.Is(err, fault.Invalid) {
		t.Errorf("a policy that ECR would not take: %v", err)
	}
	_, plain, _ := on(t, "registry.example")
	elsewhere := ref.Reference{Host: "registry.example", Repository: "shop/api"}
	if _, err := retention.PolicyOf(t.Context(), plain, elsewhere); !fault.Is(err, fault.Unsupported) {
		t.Errorf("a registry without policies: %v", err)
	}
	if p := retention.AskAWS(t.Context(), plain, elsewhere, lifecycle.Policy{}); !fault.Is(p.Err, fault.Unsupported) {
		t.Errorf("AWS about another registry: %v", p.Err)
	}
}

// Repositories are found by their names, and none is an error.
func TestMatching(t *testing.T) {
	_, b, _ := on(t, account)
	found, err := retention.Matching(t.Context(), b, account, "shop/*")
	if err != nil || !slices.Contains(found, in("shop/api")) {
		t.Errorf("%v, error %v", found, err)
	}
	if _, err := retention.Matching(t.Context(), b, account, "none/*"); !fault.Is(err, fault.NotFound) {
		t.Errorf("error %v", err)
	}
}

// What runs stays whatever rules say, and what goes instead of what was shown is told.
func TestCleanup(t *testing.T) {
	a, b, _ := on(t, account)
	r := in("shop/worker")
	c, err := retention.Read(t.Context(), b, r, retention.ForRules())
	if err != nil {
		t.Fatal(err)
	}
	found, err := retention.CleanupOf(t.Context(), a, r, c)
	if err != nil || len(found.InUse.Digests) == 0 {
		t.Fatalf("%d in use, error %v", len(found.InUse.Digests), err)
	}
	rules := cleanup.Rules{Match: []string{"*"}, InUse: found.InUse}
	all := found.Stock.Evaluate(rules, sandbox.Epoch())
	for i, v := range all.Verdicts {
		if _, runs := found.InUse.Digests[all.Stock.Images[i].Digest]; runs && v.Outcome != cleanup.Kept {
			t.Errorf("%s runs and goes", all.Stock.Images[i].Digest)
		}
	}
	fewer := found.Stock.Evaluate(cleanup.Rules{Match: []string{"v1*"}}, sandbox.Epoch())
	if note := retention.Changed(fewer, all); len(note) != 1 || !strings.Contains(note[0], "has changed") {
		t.Errorf("%q", note)
	}
	if note := retention.Changed(all, all); note != nil {
		t.Errorf("nothing has changed: %q", note)
	}
	rules.Keep.Elsewhere, rules.OlderThan = 2, time.Hour
	if said := retention.CleanupRemarks(all, rules); len(said) != 1 || !strings.Contains(said[0], "2 images of other") {
		t.Errorf("%q", said)
	}
}

// Every search for blobs finds what is not there, and gives advice by the name of the
// repository.
func TestHealth(t *testing.T) {
	_, b, reg := on(t, "registry.example")
	r := ref.Reference{Host: "registry.example", Repository: "team/ill"}
	d := reg.PushImage(r.Repository, sandbox.Image{Layers: []string{"layer"}, Created: time.Unix(1, 0)})
	reg.Tag(r.Repository, "v1", d, sandbox.Epoch())
	h, err := retention.ReadHealth(t.Context(), b, r, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	if h.Read() != 1 || len(h.Gaps()) != 0 || len(h.Findings()) != 0 || !h.Unlisted() {
		t.Fatalf("%d manifests, gaps %v, findings %v", h.Read(), h.Gaps(), h.Findings())
	}
	for range 2 {
		reg.Inject(sandbox.Fault{
			Method: "HEAD", Prefix: "/v2/team/ill/blobs/", Times: 1, Effect: sandbox.Status{Code: 404},
		})
		found, unasked, err := h.Blobs(t.Context(), func(int, int) {})
		if err != nil || unasked != 0 || len(found) != 1 || found[0].Kind != health.MissingBlob {
			t.Errorf("found %v, %d unasked, error %v", found, unasked, err)
		}
	}
	orphans := health.Finding{Kind: health.LostSubject, Digest: ref.Digest(d)}
	if got := h.Advice(orphans); got != "regatta prune registry.example/team/ill --orphans" {
		t.Errorf("advice %q", got)
	}
	if orphans.Named = true; !strings.HasSuffix(h.Advice(orphans), "regatta delete registry.example/team/ill@"+d) {
		t.Errorf("advice %q", h.Advice(orphans))
	}
}
