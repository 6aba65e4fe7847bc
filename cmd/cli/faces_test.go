package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// A journey is one thing to do, and how on either face. Each face does it on a sandbox of its
// own that was made alike.
type journey struct {
	at      string // the registry: far, or the sandbox's account
	repo    string // "": shop/api
	options sandbox.Options
	config  func(*config.Config)
	before  func(w *world) // what has happened there
	now     func(w *world) // what happens while the screen is looked at

	verb   string         // the command, in which AT stands for HOST/REPOSITORY
	keys   func(s *stage) // the way from the images of the repository to the plan
	beyond string         // the flag without which the command refuses what a screen has confirmed by a word
	hidden string         // what the screen says where the way to the plan is closed already
}

// far is a registry that is not this machine, and is no account.
const far = "registry.example"

// world is where a journey is made.
type world struct {
	t       *testing.T
	reg     *sandbox.Registry
	app     *app.App
	ctx     context.Context //nolint:containedctx // the bubble's
	journey *journey
	digests map[string]string // what some tags point to at first: AT@TAG is the image
}

// telling is what a face tells of a journey, from the question to the record.
type telling struct {
	Refused string     // why there is no plan, or none that can be begun
	Plan    *shownPlan // as it was shown before anybody confirmed it
	Word    string     // is to be typed; "": a plain yes
	Another bool       // the registry was tried, and another plan had to be confirmed
	Runs    []*record
	Tags    map[string]string // of the repository, afterwards

	shown   string // all that was on the screen
	without string // what is refused without being asked for
}

// shownPlan is a plan, and whether it can be begun.
type shownPlan struct{ plan.Plan }

// record is a run as the journal has it, without its name and its times.
type record struct {
	Title   string
	State   journal.State
	Undoes  bool
	Steps   []string
	Plan    plan.Plan
	Remarks []string
}

// TestFacesAgreeOnChanges makes every journey that changes something on both faces: they show
// one plan and one warning, ask for one word, refuse alike, and leave one record.
func TestFacesAgreeOnChanges(t *testing.T) {
	t.Parallel()
	agree(t, changing())
}

// agree makes journeys on both faces, and compares what each tells.
func agree(t *testing.T, journeys map[string]*journey) {
	t.Helper()
	for name, j := range journeys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cli, tui := j.onCommandLine(t), j.onScreen(t)
			switch {
			case cli.Plan == nil:
			case cli.Refused != "" && tui.Plan == nil && cli.Plan.Barred() == "":
				cli.Plan, cli.Word = nil, "" // it may be looked at, where it may not be carried out
			case tui.Plan == nil: // nothing to begin can be kept; it says why all the same
				tui.Plan = cli.Plan
			}
			saysWhatToMind(t, "the command line", cli)
			saysWhatToMind(t, "the screen", tui)
			if want := or(j.hidden, cli.Refused); (cli.Refused == "") != (want == "") || !strings.Contains(tui.Refused, flat(want)) {
				t.Errorf("the command line refuses %q, the screen %s", cli.Refused, gist(tui.shown))
			}
			cli.Refused, tui.Refused = "", ""
			if diff := cmp.Diff(cli, tui, cmp.FilterPath(aside, cmp.Ignore()), cmp.Transformer("written", written)); diff != "" {
				t.Errorf("the command line (-) and the screen (+) differ:\n%s", diff)
			}
		})
	}
}

// aside are the parts in which the faces may differ. A run's title says how it was asked for: on the command line by whole references, as the shell's
// history has them, on a screen by what is on it.
func aside(p cmp.Path) bool {
	return slices.Contains([]string{".Title", ".shown", ".without"}, p.Last().String())
}

// differs is what is not the same in two tests: times, tags that bear one, and places.
var differs = regexp.MustCompile(`"(createdAt|checksum)": "[^"]*",?|rollback-from-\d{8}-\d{6}|/[^"]*/layout`)

// written is a plan as it is written down, without what differs from one test to the next.
func written(p plan.Plan) (out map[string]any) {
	raw, err := plan.Encode(p)
	if err == nil {
		raw = regexp.MustCompile(`,\s*}`).ReplaceAll(differs.ReplaceAll(raw, nil), []byte("}"))
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return out
}

// saysWhatToMind fails where a face does not say all that the plan warns of.
func saysWhatToMind(t *testing.T, face string, got telling) {
	t.Helper()
	if got.Plan == nil {
		return
	}
	var all []string
	for _, l := range got.Plan.Lost {
		all = append(all, l.Reason)
	}
	for _, k := range got.Plan.Kept {
		all = append(all, k.Reason)
	}
	for _, r := range got.Plan.Risks {
		all = append(all, r.Reason)
	}
	for _, s := range got.Plan.Steps {
		all = append(all, s.Reason)
	}
	for _, one := range append(all, got.Plan.Notes...) {
		if !strings.Contains(flat(got.shown), flat(one)) {
			t.Errorf("%s does not say %q: %s", face, one, gist(got.shown))
		}
	}
}

// gist is the end of what a screen says.
func gist(screen string) string { return flat(screen)[max(0, len(flat(screen))-400):] }

// flat is a text without what only sets it.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// onCommandLine makes the journey on the command line.
func (j *journey) onCommandLine(t *testing.T) (got telling) {
	t.Helper()
	perform(t, j.setup(), func(s *stage) {
		w := j.world(t, s)
		w.meanwhile()
		file := filepath.Join(w.app.Dir, "plan.json")
		if j.beyond != "" {
			code, _, said := w.do("y\n", w.journey.verb)
			if got.without = refusalIn(said); code != output.Refused {
				t.Errorf("without %s: exit code %d, %s", j.beyond, code, said)
			}
			w.journey.verb += " " + j.beyond
		}
		to := " --plan " + file
		if strings.HasPrefix(j.verb, "apply") {
			to = " --dry-run -o json"
		}
		code, out, said := w.do("", w.journey.verb+to)
		if code != output.Done {
			got.Refused, got.shown, got.Runs, got.Tags = refusalIn(said), said, w.runs(), w.tags()
			return
		}
		if strings.HasPrefix(j.verb, "apply") {
			if _, err := plan.Decode([]byte(out)); err != nil { // there is none
				got.Refused, got.shown, got.Runs, got.Tags = flat(said), said, w.runs(), w.tags()
				return
			}
			if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got.Plan = w.read(file)
		_, out, _ = w.do("", w.journey.verb+" --dry-run")
		got.shown = out
		answer := ""
		if got.Plan.Writes() && got.Plan.Barred() == "" {
			_, _, said := w.do("no\n", w.journey.verb)
			got.shown, answer = out+said, "y\n"
			if word := regexp.MustCompile(`type (.+) to go on: `).FindStringSubmatch(said); word != nil {
				got.Word, answer = word[1], word[1]+"\n"
			}
		}
		code, _, said = w.do(answer+answer, w.journey.verb)
		got.Another = strings.Contains(said, "makes it another plan")
		switch {
		case got.Plan.Barred() != "":
			got.Refused = got.Plan.Barred()
		case code != output.Done && len(w.runs()) == len(got.Runs):
			got.Refused = refusalIn(said)
		}
		got.Runs, got.Tags = w.runs(), w.tags()
	})
	got.checkOverride(t)
	return got
}

// checkOverride fails where the command line was made to do what it has not refused for that
// reason, or asks for another word.
func (got telling) checkOverride(t *testing.T) {
	t.Helper()
	if got.without == "" {
		return
	}
	if got.Word != "override" || !slices.ContainsFunc(got.Plan.Risks, func(r plan.Risk) bool {
		return r.Override && strings.Contains(got.without, r.Reason[max(0, len(r.Reason)-40):])
	}) {
		t.Errorf("it is refused by %q, and confirmed by %q with %+v", got.without, got.Word, got.Plan.Risks)
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// refusalIn is the sentence that the program ends with.
func refusalIn(said string) string {
	if m := regexp.MustCompile(`(?m)^regatta: (.*)$`).FindStringSubmatch(said); m != nil {
		return m[1]
	}
	return ""
}

// onScreen makes the journey in the terminal UI.
func (j *journey) onScreen(t *testing.T) (got telling) {
	t.Helper()
	perform(t, j.setup(), func(s *stage) {
		w := j.world(t, s)
		s.Advance(settle).Press("r").Advance(settle)
		w.meanwhile()
		j.keys(s)
		toast := s.Screen()
		got.shown = s.Advance(settle).Screen()
		if got.Plan = w.kept(s); got.Plan == nil {
			got.Refused, got.Runs, got.Tags = w.bare(flat(toast)+flat(got.shown)+flat(s.Screen())), w.runs(), w.tags()
			return
		}
		s.Press("tab", "enter").Advance(settle)
		if word := regexp.MustCompile(`Type (.+?) to go on`).FindStringSubmatch(s.Screen()); word != nil {
			got.Word = word[1]
			s.Type(got.Word).Press("enter").Advance(settle)
		}
		if strings.Contains(s.Screen(), "the plan is another one") {
			got.Another = true
			s.Press("tab", "enter").Advance(settle)
			if got.Word != "" {
				s.Type(got.Word).Press("enter")
			}
		}
		for s.Advance(settle); w.goesOn(); {
			s.Advance(settle)
		}
		s.Advance(settle * 14)
		got.Refused, got.Runs, got.Tags = flat(s.Screen()), w.runs(), w.tags()
	})
	return got
}

func (j *journey) setup() setup {
	repo := or(j.repo, "shop/api")
	return setup{
		target: &ref.Reference{Host: or(j.at, far), Repository: repo}, options: j.options, config: j.config,
		terminal: uitest.Terminal{Width: 300, Height: 90},
	}
}

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
			tags[tag] = i.Digest
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
