package plan_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/plan"
	"regatta/model/ref"
)

func digest(s string) ref.Digest { return ref.DigestOf([]byte(s)) }

func tagged(repo, tag string) ref.Reference {
	return ref.Reference{Host: "registry.example", Repository: repo, Tag: tag}
}

func byDigest(d ref.Digest) ref.Reference {
	return ref.Reference{Host: "registry.example", Repository: "shop/api", Digest: d}
}

func samplePlan() plan.Plan {
	d, old := digest("new"), digest("old")
	return plan.Plan{
		Registry: "registry.example", Repository: "shop/api",
		CreatedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Steps: []plan.Step{
			{
				Kind: plan.Retag, Reference: tagged("shop/api", "prod"), Digest: d,
				Expect: plan.Expect{Tag: "prod", Digest: old}, Reason: "asked for",
			},
			{
				Kind: plan.Delete, Reference: byDigest(old), Digest: old, Tags: []string{"v1", "v2"},
				Expect: plan.Expect{Tag: "v1", Digest: old}, Reason: "asked for", ReclaimedBytes: 12, After: []int{0},
			},
			{
				Kind: plan.Put, Reference: byDigest(digest("raw")), Digest: digest("raw"),
				Manifest: &plan.Manifest{MediaType: "x/y", Raw: []byte("raw")}, Reason: "put back",
			},
		},
		Kept:           []plan.Kept{{Digest: d, Tags: []string{"prod"}, Reason: "it stays"}},
		ReclaimedBytes: 12, Estimated: true,
		InRegistry: &plan.InRegistry{ReclaimedBytes: 5, AtMost: true, Reason: "2 repositories did not answer"},
		Risks:      []plan.Risk{{Kind: plan.ProdTag, Typed: true, Reason: "prod changes"}},
		Lost:       []plan.Lost{{Digest: old, Tags: []string{"v1"}, Reason: "not read"}},
		Notes:      []string{"a note"},
	}
}

// The file has the fields that are documented, under these names, also where
// they are empty.
func TestPlanFileIsAsDocumented(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	p.Kept = append(p.Kept, plan.Kept{Digest: digest("untagged"), Reason: "shared"})
	raw, err := plan.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, got, "version", "registry", "repository", "createdAt", "steps", "kept", "reclaimedBytes")
	for _, s := range got["steps"].([]any) {
		wantKeys(t, s.(map[string]any), "kind", "reference", "digest", "expect", "reason", "reclaimedBytes")
		wantKeys(t, s.(map[string]any)["expect"].(map[string]any), "tag", "digest")
	}
	for _, k := range got["kept"].([]any) {
		wantKeys(t, k.(map[string]any), "digest", "tags", "reason")
		if _, ok := k.(map[string]any)["tags"].([]any); !ok {
			t.Errorf("tags are no list: %v", k)
		}
	}
	if got["createdAt"] != "2026-11-20T09:00:00Z" || got["version"] != 1.0 {
		t.Errorf("createdAt %v, version %v", got["createdAt"], got["version"])
	}
}

func wantKeys(t *testing.T, m map[string]any, keys ...string) {
	t.Helper()
	for _, k := range keys {
		if _, ok := m[k]; !ok {
			t.Errorf("%q is missing in %v", k, m)
		}
	}
}

func TestPlanFileComesBack(t *testing.T) {
	t.Parallel()
	raw, err := plan.Encode(samplePlan())
	if err != nil {
		t.Fatal(err)
	}
	got, err := plan.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(samplePlan(), got); diff != "" {
		t.Error(diff)
	}
}

func TestResultIsAsDocumented(t *testing.T) {
	t.Parallel()
	r := plan.NewResult("7", samplePlan())
	r.Steps[0].Outcome, r.Steps[1].Outcome, r.Steps[2].Outcome = plan.Unchanged, plan.Failed, plan.Skipped
	r.Steps[1].Error = "denied"
	r.Count()
	r.Steps = r.Steps[1:2]
	raw, err := json.Marshal(r)
	want := `{"run":"7","done":1,"failed":1,"skipped":1,"inDoubt":0,"steps":[{"kind":"delete","reference":"registry.example/shop/api@` +
		string(digest("old")) + `","digest":"` + string(digest("old")) + `","outcome":"failed","error":"denied"}],"alsoGone":[]}`
	if err != nil || string(raw) != want {
		t.Errorf("got %s, %v\nwant %s", raw, err, want)
	}
}
