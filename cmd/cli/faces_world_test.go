package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/journal"
	"regatta/model/plan"
)

func (j *journey) world(t *testing.T, s *stage) *world {
	t.Helper()
	own := *j
	w := &world{t: s.t, reg: s.reg, app: s.session, ctx: s.ctx, journey: &own}
	s.session.Dir = t.TempDir()
	if j.before != nil {
		j.before(w)
	}
	w.digests = map[string]string{}
	for _, tag := range []string{"v3.1.2", "v3.2.0-rc.1"} {
		w.digests[tag], _ = w.reg.Resolve(or(j.repo, "shop/api"), tag)
	}
	return w
}

// at is the repository, and a tag of it.
func (w *world) at() string { return or(w.journey.at, far) + "/" + or(w.journey.repo, "shop/api") }

// do runs the command on a terminal on which something is typed.
func (w *world) do(typed, command string) (code output.Exit, out, errOut string) {
	w.t.Helper()
	var o, e bytes.Buffer
	streams := output.Streams{
		In: strings.NewReader(typed), Out: &o, Err: &e, Terminal: true, Env: func(string) string { return "" },
	}
	for word, means := range map[string]string{"AT": w.at(), "DIR": w.app.Dir} {
		command = strings.ReplaceAll(command, word, means)
	}
	if strings.HasSuffix(command, "RUN") || strings.Contains(command, "RUN ") {
		command = strings.ReplaceAll(command, "RUN", w.run(true))
	}
	if strings.Contains(command, "FIRST") {
		command = strings.ReplaceAll(command, "FIRST", w.run(false))
	}
	args := strings.Fields(command)
	for i, a := range args {
		if at, tag, ok := strings.Cut(a, "@"); ok {
			args[i] = at + "@" + w.digests[tag]
		}
	}
	code = invoke(w.ctx, &verb.Program{Streams: streams, Now: w.app.Now, App: w.app}, args)
	return code, o.String(), w.bare(e.String())
}

// done is a command that was carried out.
func (w *world) done(command string) {
	w.t.Helper()
	if code, out, said := w.do("", command+" --yes"); code != output.Done {
		w.t.Fatalf("%s: exit code %d\n%s%s", command, code, out, said)
	}
}

// kept saves the plan on the screen, and reads it; nil where none can be saved.
func (w *world) kept(s *stage) *shownPlan {
	w.t.Helper()
	s.Press("ctrl+s").Advance(time.Second)
	files, err := filepath.Glob(filepath.Join(w.app.Dir, "regatta-plan-*.json"))
	if err != nil || len(files) == 0 {
		return nil
	}
	return w.read(files[0])
}

// read reads a plan that was kept.
func (w *world) read(file string) *shownPlan {
	w.t.Helper()
	raw, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := plan.Decode(raw)
	if err != nil {
		w.t.Fatalf("%v\n%s", err, raw)
	}
	return &shownPlan{p}
}

// goesOn reports whether the newest run has not ended.
func (w *world) goesOn() bool {
	all, err := w.app.Journal().Runs(w.ctx, 1)
	return err == nil && len(all) > 0 && all[0].State == journal.Running
}

// bare is what was said without the place of this test.
func (w *world) bare(said string) string { return strings.ReplaceAll(said, w.app.Dir, "DIR") }

// run is the name of the newest run, or of the first.
func (w *world) run(newest bool) string {
	w.t.Helper()
	all, err := w.app.Journal().Runs(w.ctx, app.MostRuns)
	if err != nil || len(all) == 0 {
		w.t.Fatalf("no run: %v", err)
	}
	if newest {
		return all[0].ID
	}
	return all[len(all)-1].ID
}

// meanwhile lets happen what happens after somebody has looked.
func (w *world) meanwhile() {
	if w.journey.now != nil {
		w.journey.now(w)
	}
}

// runs is the journal, the newest run first.
func (w *world) runs() []*record {
	w.t.Helper()
	all, err := w.app.Journal().Runs(w.ctx, app.MostRuns)
	if err != nil {
		w.t.Fatal(err)
	}
	out := make([]*record, len(all))
	for i, r := range all {
		one, err := w.app.Journal().Run(w.ctx, r.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		out[i] = &record{Title: one.Title, State: one.State, Undoes: one.UndoOf != "", Plan: one.Plan}
		for _, step := range one.Steps {
			out[i].Steps = append(out[i].Steps, string(step.Outcome)+" "+step.Error)
		}
		for _, m := range one.Remarks {
			out[i].Remarks = append(out[i].Remarks, string(m.About)+" "+m.Level+" "+m.Text)
		}
	}
	return out
}

// keeping are tags that keep what a rollback leaves, which bear the time.
var keeping = regexp.MustCompile(`^rollback-from-\d{8}-\d{6}$`)

// tags are those of the repository, as the registry has them.
func (w *world) tags() map[string]string {
	w.t.Helper()
	code, out, said := w.do("", "tags AT -o json")
	var doc struct {
		Images []struct {
			Digest string
			Tags   []string
		}
	}
	if code != output.Done || json.Unmarshal([]byte(out), &doc) != nil {
		w.t.Fatalf("%d %s %s", code, out, said)
	}
	tags := map[string]string{}
	for _, i := range doc.Images {
		for _, tag := range i.Tags {
			tags[keeping.ReplaceAllString(tag, "kept")] = i.Digest
		}
	}
	return tags
}

// on puts the cursor on the row of a tag.
func on(s *stage, tag string) {
	s.Press("g")
	for range 60 {
		if slices.Contains(strings.Fields(strings.Split(s.Cursor(), "sha256")[0]), tag) {
			return
		}
		s.Press("j")
	}
	s.CursorOn("the tag " + tag)
}

// by presses keys, on the row of a tag.
func by(tag string, keys ...string) func(*stage) {
	return func(s *stage) {
		on(s, tag)
		s.Press(keys...).Advance(time.Second)
	}
}

// asked presses a key on the row of a tag, and answers what that asks.
func asked(tag, key, answer string) func(*stage) {
	return func(s *stage) {
		on(s, tag)
		s.Press(key).Advance(settle).Type(answer).Press("enter").Advance(settle)
	}
}
