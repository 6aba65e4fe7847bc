package plan_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/plan"
)

func encoded(tb testing.TB, p plan.Plan) string {
	tb.Helper()
	raw, err := plan.Encode(p)
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

// byHand is a plan as somebody may write it: without a checksum.
func byHand(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(encoded(t, samplePlan())), &m); err != nil {
		t.Fatal(err)
	}
	delete(m, "checksum")
	return m
}

func TestPlanFileByHandIsRead(t *testing.T) {
	t.Parallel()
	raw, _ := json.Marshal(byHand(t))
	if p, err := plan.Decode(raw); err != nil || len(p.Steps) != 3 {
		t.Errorf("%d steps, %v", len(p.Steps), err)
	}
}

func TestSpoiltPlanFilesAreRefused(t *testing.T) {
	t.Parallel()
	good := encoded(t, samplePlan())
	for name, c := range map[string]struct {
		data string
		want plan.Problem
		text string
	}{
		"empty":         {"", plan.Truncated, "ends before"},
		"half":          {good[:len(good)/2], plan.Truncated, "ends before"},
		"no JSON":       {"steps: []", plan.Malformed, "not a plan"},
		"another JSON":  {`{"images":[]}`, plan.Malformed, "there is no version"},
		"a list":        {`[]`, plan.Malformed, "not a plan"},
		"newer":         {strings.Replace(good, `"version": 1`, `"version": 2`, 1), plan.NewerVersion, "update the program"},
		"newer, fields": {`{"version":3,"operations":[]}`, plan.NewerVersion, "version 3"},
		"unknown field": {strings.Replace(good, `"steps"`, `"mode":"fast","steps"`, 1), plan.UnknownField, `"mode"`},
		"edited":        {strings.ReplaceAll(good, "v2", "v3"), plan.Edited, "was edited"},
		"two plans":     {good + good, plan.Malformed, "follows the plan"},
	} {
		_, err := plan.Decode([]byte(c.data))
		var e *plan.FileError
		if !errors.As(err, &e) || e.Problem != c.want || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: error is %v, want %s", name, err, c.want)
			continue
		}
		wantText(t, err.Error(), c.text)
	}
}

func TestPlanFilesThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	other := string(digest("another"))
	for name, c := range map[string]struct {
		step  int // from 1; 0 is the plan
		field string
		value any
		text  string
	}{
		"sum":               {0, "reclaimedBytes", 13, "the steps bring back 12 bytes, the plan says 13 bytes"},
		"more than all":     {0, "inRegistry", map[string]any{"reclaimedBytes": 13}, "cannot get back 13 bytes of 12 bytes"},
		"less than nothing": {0, "inRegistry", map[string]any{"reclaimedBytes": -1}, "cannot get back -1 bytes"},
		"other registry":    {0, "registry", "elsewhere.example", "about another registry"},
		"no registry":       {0, "registry", "", "invalid name"},
		"other repository":  {0, "repository", "shop/web", "about another repository"},
		"kind":              {1, "kind", "destroy", `"destroy" is not a kind of step`},
		"name":              {1, "reference", "registry.example/Shop", "upper case"},
		"source":            {1, "from", "registry.example/shop/base:v1", "only a copy-blob takes"},
		"source name":       {1, "from", "registry.example/Shop", "upper case"},
		"digest":            {1, "digest", "sha256:1", "want 64 hex digits"},
		"no tag":            {1, "reference", "registry.example/shop/api", "it needs a tag"},
		"expects less":      {1, "expect", map[string]any{"tag": "", "digest": other}, "expects nothing of the tag"},
		"expects nonsense":  {1, "expect", map[string]any{"tag": "prod", "digest": "x"}, "want algorithm:hex"},
		"deletes another":   {2, "expect", map[string]any{"tag": "v1", "digest": other}, "another digest than it deletes"},
		"names another":     {2, "digest", other, "does not name its digest"},
		"invalid tags":      {2, "tags", []string{".v"}, "it starts with"},
		"negative":          {2, "reclaimedBytes", -1, "less than nothing"},
		"waits for itself":  {2, "after", []int{1}, "does not come before it"},
		"untag elsewhere":   {1, "kind", "untag", "takes the tag from"},
		"copies itself":     {1, "kind", "copy-blob", "names no place on this machine"},
		"moves bytes":       {2, "sizeBytes", 5, "only a copy-blob and a pull move bytes"},
		"moves nothing":     {2, "sizeBytes", -5, "moves less than nothing"},
		"tags on a retag":   {1, "tags", []string{"v1"}, "only a delete takes tags along"},
		"put without bytes": {3, "manifest", nil, "carries a manifest"},
		"put of other bytes": {
			3, "manifest", map[string]any{"mediaType": "x/y", "raw": "AAAA"}, "content has digest",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := byHand(t)
			at := m
			if c.step > 0 {
				at = m["steps"].([]any)[c.step-1].(map[string]any)
			}
			at[c.field] = c.value
			raw, _ := json.Marshal(m)
			_, err := plan.Decode(raw)
			var e *plan.FileError
			if !errors.As(err, &e) {
				t.Fatalf("error is %v", err)
			}
			wantText(t, err.Error(), c.text)
			if c.step > 0 && e.Step != c.step {
				t.Errorf("step %d is at fault, want %d", e.Step, c.step)
			}
		})
	}
}

// Sentences of a file reach the terminal: they are foreign text.
func TestPlanFileTextIsSafe(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	evil := "a\x1b[2Jb\u202e"
	p.Steps[0].Reason, p.Kept[0].Reason, p.Notes[0], p.Risks[0].Reason, p.Lost[0].Reason = evil, evil, evil, evil, evil
	got, err := plan.Decode([]byte(encoded(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		got.Steps[0].Reason, got.Kept[0].Reason, got.Notes[0], got.Risks[0].Reason, got.Lost[0].Reason,
	} {
		if strings.ContainsAny(s, "\x1b\u202e") {
			t.Errorf("%q is not safe", s)
		}
	}
}

func TestPlanIsReadAsPartOfMore(t *testing.T) {
	t.Parallel()
	var row struct{ Plan plan.Plan }
	raw, err := json.Marshal(map[string]any{"plan": samplePlan()})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &row); err != nil || len(row.Plan.Steps) != 3 {
		t.Errorf("%d steps, %v", len(row.Plan.Steps), err)
	}
	if err := json.Unmarshal([]byte(`{"plan":{"version":9}}`), &row); err == nil {
		t.Error("a newer plan is read")
	}
}

// Whatever a file holds, reading it ends in a plan that can be written and read
// again, or in an error that says what is wrong.
func FuzzDecode(f *testing.F) {
	good := encoded(f, samplePlan())
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(`{"version":1,"registry":"a.example","repository":"b","steps":null,"kept":null,"reclaimedBytes":0}`)
	f.Add(`{"version":1,"registry":"a","steps":[{"kind":"put","manifest":null}]}`)
	f.Add(`{"version":99}`)
	f.Fuzz(func(t *testing.T, data string) {
		p, err := plan.Decode([]byte(data))
		if err != nil {
			var e *plan.FileError
			if !errors.As(err, &e) || e.Problem == "" || e.Error() == "" {
				t.Fatalf("error is %#v", err)
			}
			return
		}
		raw, err := plan.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := plan.Decode(raw)
		if err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		if encoded(t, again) != string(raw) {
			t.Fatal("a plan changes by being written and read")
		}
	})
}
