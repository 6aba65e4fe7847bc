package cli

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"regatta/model/plan"
)

// What faces say, made comparable.

// differs is what is not the same in two tests: times, tags that bear one, places,
// and which of several questions was refused first.
var differs = regexp.MustCompile(`"(createdAt|checksum)": "[^"]*",?|rollback-from-\d{8}-\d{6}|/[^"]*/layout|list tasks of \w+`)

// drops takes out of plans what the command line has said of the same beside its plan: the
// checks of a rollback and the difference, which stand there in tables of their own, and in
// JSON, and on the screen among the notes.
func (got *telling) drops(other telling) {
	if got.Plan == nil || other.Plan == nil {
		return
	}
	said := flat(other.shown)
	beside := func(note string) bool {
		_, what, ok := strings.Cut(strings.TrimPrefix(note, "checked, "), ": ")
		return ok && !slices.Contains(other.Plan.Notes, note) && strings.Contains(said, flat(what))
	}
	got.Plan.Notes = slices.DeleteFunc(got.Plan.Notes, beside)
	for _, r := range got.Runs {
		r.Plan.Notes = slices.DeleteFunc(r.Plan.Notes, beside)
	}
}

// more is said of images of which not every tag was looked at: which ones were is what a face
// has shown before.
var more = regexp.MustCompile(`\([^)(]*; it may have more tags\)|it keeps the tags? [^"]*, and may have more`)

// written is a plan as it is written down, without what differs from one test to the next.
func written(p plan.Plan) (out map[string]any) {
	p.Kept = slices.Clone(p.Kept)
	for i := range p.Kept {
		if more.MatchString(p.Kept[i].Reason) {
			p.Kept[i].Tags = nil
		}
	}
	raw, err := plan.Encode(p)
	if err == nil {
		raw = more.ReplaceAll(raw, []byte("more"))
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
	for _, r := range got.Plan.Risks {
		all = append(all, r.Reason)
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
