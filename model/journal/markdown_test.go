package journal_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

func rolledBack() journal.Run {
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	tag := ref.Reference{Host: "registry.example.com", Repository: "shop/api", Tag: "prod"}
	bad, good := ref.DigestOf([]byte("bad")), ref.DigestOf([]byte("good"))
	return journal.Run{
		ID: "abcdefgh", Title: "roll back prod", State: journal.Partly, Started: at, Ended: at.Add(3 * time.Second), Who: "lena@ops",
		Plan: plan.Plan{Registry: tag.Host, Repository: tag.Repository, Steps: []plan.Step{
			{Kind: plan.Retag, Reference: tag, Digest: good, Expect: plan.Expect{Tag: "prod", Digest: bad}},
			{
				Kind: plan.Deploy, Reference: tag, Digest: good, Expect: plan.Expect{Tag: "prod", Digest: good},
				Rollout: &plan.Rollout{Service: "ecs:eu-central-1/prod/shop-api", Was: bad}, After: []int{0},
			},
		}},
		Steps: []journal.Step{{Outcome: plan.Done}, {Outcome: plan.Failed, Error: "denied | badly"}},
		Remarks: []journal.Remark{
			{About: journal.Why, Text: "the api answers *500*"},
			{About: journal.Checked, Level: "ok", Text: "content: 3 blobs are there"},
			{About: journal.Checked, Level: "warn", Text: "signature: it is not signed"},
		},
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	bad, good := ref.DigestOf([]byte("bad")), ref.DigestOf([]byte("good"))
	got := journal.Markdown(rolledBack(), plan.Possible)
	for _, want := range []string{
		"# roll back prod\n", "| When | 2026-11-20 03:00:00 UTC, took 3.0s |", "| Who | lena@ops |",
		`| Why | the api answers \*500\* |`, "| Result | partly: 1 done, 1 failed, 0 skipped |",
		"| retag `shop/api:prod` | `" + string(bad) + "` | `" + string(good) + "` | done |",
		"| deploy `prod/shop-api` | `" + string(bad) + "` | `" + string(good) + "` | failed: denied \\| badly |",
		"- **warn** signature: it is not signed", "Nobody has read back what was changed.", "`regatta undo abcdefgh` takes it back.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	r := rolledBack()
	r.Undone = []string{"later"}
	r.Remarks = append(r.Remarks, journal.Remark{About: journal.Verified, Level: "ok", Text: "it is there"})
	if got := journal.Markdown(r, plan.Possible); !strings.Contains(got, "Undone by `later`.") || strings.Contains(got, "Nobody") {
		t.Error(got)
	}
}

// What a step removes is nothing afterwards.
func TestMarkdownOfWhatGoes(t *testing.T) {
	t.Parallel()
	d := ref.DigestOf([]byte("an image"))
	at := ref.Reference{Host: "registry.example.com", Repository: "shop/api"}
	tag, manifest := at, at
	tag.Tag, manifest.Digest = "v1", d
	r := journal.Run{ID: "abcdefgh", State: journal.Done, Plan: plan.Plan{Registry: at.Host, Repository: at.Repository, Steps: []plan.Step{
		{Kind: plan.Untag, Reference: tag, Digest: d, Expect: plan.Expect{Tag: "v1", Digest: d}},
		{Kind: plan.Delete, Reference: manifest, Digest: d, Expect: plan.Expect{Digest: d}},
	}}, Steps: []journal.Step{{Outcome: plan.Done}, {Outcome: plan.Done}}}
	got := journal.Markdown(r, plan.Possible)
	if n := strings.Count(got, "` | `"+string(d)+"` | nothing | done |"); n != 2 {
		t.Errorf("%d of two rows end with nothing:\n%s", n, got)
	}
}

// Whatever people and registries have written, a table has its columns and no
// line is of another kind.
func TestMarkdownStaysInShape(t *testing.T) {
	t.Parallel()
	plainly := strings.Count(journal.Markdown(rolledBack(), plan.Possible), "\n")
	rapid.Check(t, func(t *rapid.T) {
		r := rolledBack()
		some := rapid.StringN(0, 20, -1)
		r.Title, r.Who, r.Remarks[0].Text, r.Steps[1].Error = some.Draw(t, "title"), some.Draw(t, "who"), some.Draw(t, "why"), "x"+some.Draw(t, "error")
		r.Plan.Steps[1].Rollout.Service = some.Draw(t, "service")
		got := journal.Markdown(r, plan.Possible)
		if n := strings.Count(got, "\n"); n != plainly {
			t.Fatalf("%d lines, want %d:\n%s", n, plainly, got)
		}
		for line := range strings.Lines(got) {
			bare := strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ""), `\|`, "")
			if n := strings.Count(bare, "|"); strings.HasPrefix(line, "| retag") && n != 5 || strings.HasPrefix(line, "| Why") && n != 3 {
				t.Fatalf("%d columns: %q", n, line)
			}
		}
	})
}

func TestRunsAsOne(t *testing.T) {
	t.Parallel()
	both := rolledBack().With(rolledBack())
	if len(both.Plan.Steps) != 4 || len(both.Steps) != 4 || both.Plan.Steps[3].After[0] != 2 || rolledBack().Plan.Steps[1].After[0] != 0 {
		t.Errorf("%+v", both)
	}
}

// The record says of the undo what the undo says of itself.
func TestMarkdownSaysWhatUndoBringsBack(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[plan.Verdict]string{
		plan.Possible: "takes it back.", plan.Unsure: "takes it back, as far as the registry lets.",
		plan.Partial: "takes a part of it back.", plan.Gone: "It cannot be undone.", "": "Whether it can be undone is not known now",
	} {
		if got := journal.Markdown(rolledBack(), verdict); strings.Count(got, want) != 1 {
			t.Errorf("%q: %s", verdict, got)
		}
	}
	none := rolledBack()
	none.State = journal.Failed
	for i := range none.Steps {
		none.Steps[i].Outcome = plan.Failed
	}
	if got := journal.Markdown(none, plan.Possible); !strings.Contains(got, "It has changed nothing.") || strings.Contains(got, "takes it back") {
		t.Error(got)
	}
}
