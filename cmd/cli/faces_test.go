package cli

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
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
			tui.drops(cli)
			if diff := cmp.Diff(cli, tui, cmp.FilterPath(aside, cmp.Ignore()), cmp.Transformer("written", written)); diff != "" {
				t.Errorf("the command line (-) and the screen (+) differ:\n%s", diff)
			}
		})
	}
}

// aside are the parts in which the faces may differ. A run's title says how it was asked
// for: on the command line by whole references, as the shell's history has them, on a
// screen by what is on it.
func aside(p cmp.Path) bool {
	return slices.Contains([]string{".Title", ".shown", ".without"}, p.Last().String())
}

// onCommandLine makes the journey on the command line.
func (j *journey) onCommandLine(t *testing.T) (got telling) {
	t.Helper()
	with := j.setup()
	with.target, with.terminal = nil, uitest.Terminal{} // what a screen has read is of no help here
	perform(t, with, func(s *stage) {
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
func (got *telling) checkOverride(t *testing.T) {
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
		for before := ""; before != s.Screen(); {
			before = s.Screen()
			got.shown += s.Press("pgdown").Screen()
		}
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
		terminal: uitest.Terminal{Width: 200, Height: 40},
	}
}
