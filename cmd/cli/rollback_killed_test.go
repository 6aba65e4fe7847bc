//go:build unix

package cli

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	rollbacks "regatta/cmd/app/rollback"

	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/propose"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// snag is a registry that lets one request hang: the first one that it is to
// hold, before it is served or after that.
type snag struct {
	next  http.Handler
	holds func(r *http.Request) bool
	first bool // it is served before it hangs

	caught chan struct{} // closed when the request hangs
	free   chan struct{} // closed when requests hang no longer

	mu    sync.Mutex
	stuck bool
	puts  []string // tags and digests that were written, in order
}

// ServeHTTP implements http.Handler.
func (s *snag) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	holds := !s.stuck && s.holds(r)
	s.stuck = s.stuck || holds
	s.mu.Unlock()
	if holds && !s.first {
		close(s.caught)
		<-s.free
		panic(http.ErrAbortHandler)
	}
	if tag, ok := putTag(r); ok {
		s.mu.Lock()
		s.puts = append(s.puts, tag)
		s.mu.Unlock()
	}
	if !holds {
		s.next.ServeHTTP(w, r)
		return
	}
	s.next.ServeHTTP(httptest.NewRecorder(), r)
	close(s.caught)
	<-s.free
	panic(http.ErrAbortHandler)
}

// putTag is the tag that a request sets.
func putTag(r *http.Request) (tag string, ok bool) {
	tag, ok = strings.CutPrefix(r.URL.Path, "/v2/team/app/manifests/")
	return tag, ok && r.Method == http.MethodPut
}

func (s *snag) wrote(tag string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(s.puts), func(t string) bool { return t != tag }))
}

// incident is the built program, with a home of its own, and a registry that
// hangs while it rolls prod and live of team/app back.
type incident struct {
	t         *testing.T
	reg       *sandbox.Registry
	snag      *snag
	at        string // HOST/team/app
	bin       string
	env       []string
	bad, good string
}

func newIncident(t *testing.T, bin string, s *snag) *incident {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	t.Cleanup(func() { _ = reg.Close() })
	furnish(reg)
	s.next, s.caught, s.free = reg, make(chan struct{}), make(chan struct{})
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	i := &incident{t: t, reg: reg, snag: s, at: strings.TrimPrefix(srv.URL, "http://") + "/team/app", bin: bin}
	i.bad, i.good = i.points("v1.0.0"), i.points("v0.9.0")
	for _, tag := range []string{"prod", "live"} {
		reg.Tag("team/app", tag, i.bad, sandbox.Epoch())
	}
	home := t.TempDir()
	i.env = append(os.Environ(), "HOME="+home, "DOCKER_CONFIG="+home, "XDG_RUNTIME_DIR=", "REGATTA_CONFIG=",
		"XDG_CONFIG_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home)
	return i
}

func (i *incident) points(tag string) string {
	d, _ := i.reg.Resolve("team/app", tag)
	return d
}

func (i *incident) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(i.t.Context(), filepath.Join(i.bin, "regatta"), args...)
	cmd.Env = i.env
	return cmd
}

// say runs the program to its end, which must be a good one.
func (i *incident) say(args ...string) string {
	i.t.Helper()
	out, err := i.command(args...).Output()
	if err != nil {
		said := ""
		if failed, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Output wraps nothing
			said = string(failed.Stderr)
		}
		i.t.Fatalf("%v: %v\n%s%s", args, err, out, said)
	}
	return string(out)
}

// hangs waits until the registry hangs.
func (i *incident) hangs() {
	i.t.Helper()
	select {
	case <-i.snag.caught:
	case <-time.After(time.Minute):
		i.t.Fatal("the registry was never asked for what it was to hold")
	}
}

// newest is the one run there is, as the journal tells it.
func (i *incident) newest() changes.RunJSON {
	i.t.Helper()
	var doc changes.JournalJSON
	if err := json.Unmarshal([]byte(i.say("journal", "-o", "json")), &doc); err != nil || len(doc.Runs) != 1 {
		i.t.Fatalf("%v: %+v", err, doc)
	}
	return doc.Runs[0]
}

// last is the newest run that there is.
func (i *incident) last() changes.RunJSON {
	i.t.Helper()
	var doc changes.JournalJSON
	if err := json.Unmarshal([]byte(i.say("journal", "-o", "json")), &doc); err != nil || len(doc.Runs) == 0 {
		i.t.Fatalf("%v: %+v", err, doc)
	}
	return doc.Runs[0]
}

func outcomes(r changes.RunJSON) []plan.Outcome {
	out := make([]plan.Outcome, len(r.Steps))
	for i, s := range r.Steps {
		out[i] = s.Outcome
	}
	return out
}

// goesOn resumes a run of rollbacks, and takes it back: the tags are where it was
// planned, each was written once, and nothing is there that the journal does not
// know.
func (i *incident) goesOn(was changes.RunJSON, tags ...string) {
	i.t.Helper()
	i.say("apply", "--yes", "--resume", was.Run)
	record := i.say("journal", was.Run)
	for _, tag := range tags {
		if want := tag + " tag: " + tag + " was read back: it points to " + ref.Digest(i.good).Short(); !strings.Contains(record, want) {
			i.t.Errorf("resumed, it was not read back:\n%s", record)
		}
	}
	if n := strings.Count(record, " was read back: it points to "); n != len(tags) {
		i.t.Errorf("resumed, %d tags were read back:\n%s", n, record)
	}
	now := i.newest()
	if now.Run != was.Run || now.State != "done" || now.Done != len(was.Steps) {
		i.t.Errorf("resumed, the journal says %s %v", now.State, outcomes(now))
	}
	known := []string{"latest", "live", "prod", "v0.9.0", "v1", "v1.0.0"}
	for _, step := range now.Steps {
		_, tag, _ := strings.Cut(step.Reference, "/team/app:")
		want := i.good
		if strings.HasPrefix(tag, rollbacks.DefaultKeep) {
			want, known = i.bad, append(known, tag)
		}
		if n := i.snag.wrote(tag); n != 1 || i.points(tag) != want {
			i.t.Errorf("%s was written %d times and points to %s, want %s", tag, n, i.points(tag), want)
		}
	}
	slices.Sort(known)
	if there := i.tags(); !slices.Equal(there, known) {
		i.t.Errorf("tags %v, want %v", there, known)
	}
	i.say("undo", "--yes", was.Run)
	for _, tag := range tags {
		if i.points(tag) != i.bad {
			i.t.Errorf("taken back, %s points to %s, want %s", tag, i.points(tag), i.bad)
		}
	}
	if there := i.tags(); len(there) != 6 {
		i.t.Errorf("taken back, there are %v", there)
	}
}

// tags are those that the registry has, in order.
func (i *incident) tags() []string {
	i.t.Helper()
	var list struct{ Tags []string }
	answer := httptest.NewRecorder()
	i.reg.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/v2/team/app/tags/list", http.NoBody))
	if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil {
		i.t.Fatal(err)
	}
	slices.Sort(list.Tags)
	return list.Tags
}

// A program that is killed between the write of a rollback and the look at it
// leaves the truth in the journal: the run goes on from there, writes nothing
// twice, and can be undone.
func TestRollbackKilledBeforeItIsVerified(t *testing.T) {
	t.Parallel()
	bin, halfWay := program(t), []plan.Outcome{plan.Done, plan.Running}
	wrote := func(s *snag) bool { return slices.Contains(s.puts, "prod") }
	for name, x := range map[string]struct {
		at       func(s *snag, r *http.Request) bool
		first    bool
		state    string
		outcomes []plan.Outcome
	}{
		"at the write": {func(_ *snag, r *http.Request) bool {
			tag, ok := putTag(r)
			return ok && tag == "prod"
		}, true, "interrupted", halfWay},
		"at the look at the tag": {func(s *snag, r *http.Request) bool {
			return wrote(s) && r.Method != http.MethodPut && strings.HasSuffix(r.URL.Path, "/manifests/prod")
		}, false, "interrupted", halfWay},
		"at the look at the blobs": {func(s *snag, r *http.Request) bool {
			return wrote(s) && strings.Contains(r.URL.Path, "/blobs/")
		}, false, "done", []plan.Outcome{plan.Done, plan.Done}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &snag{first: x.first}
			s.holds = func(r *http.Request) bool { return x.at(s, r) }
			i := newIncident(t, bin, s)
			cmd := i.command("rollback", "--yes", "--to", "v0.9.0", i.at+":prod")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			i.hangs()
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			close(s.free)
			was := i.newest()
			if was.State != x.state || !slices.Equal(outcomes(was), x.outcomes) || i.points("prod") != i.good {
				t.Errorf("the journal says %s %v, and prod points to %s", was.State, outcomes(was), i.points("prod"))
			}
			said := i.say("journal", was.Run)
			advice := propose.Onward(was.Run)
			doubt := strings.Contains(said, "in doubt") && strings.Contains(said, "whether it was done is not known")
			if interrupted := x.state == "interrupted"; doubt != interrupted || strings.Contains(said, advice) != interrupted {
				t.Errorf("the journal says\n%s", said)
			}
			i.goesOn(was, "prod")
		})
	}
}

// A terminal that is closed while two tags go back ends the program where it is:
// one tag is back and the other is not, the journal says so, and the run goes on
// from another terminal.
func TestRollbackWhoseTerminalIsClosed(t *testing.T) {
	t.Parallel()
	s := &snag{}
	s.holds = func(r *http.Request) bool {
		tag, ok := putTag(r)
		return ok && slices.Contains(s.puts, other(tag))
	}
	i := newIncident(t, program(t), s)
	m := openTerminal(t, i.bin)
	for _, v := range m.env {
		if strings.HasPrefix(v, "XDG_") {
			i.env = append(i.env, v)
		}
	}
	m.run("sh start regatta rollback --yes --to v0.9.0 " + i.at + ":prod " + i.at + ":live")
	i.hangs()
	m.eventually("a tag that is back", func() bool { return outcomesOf(i.newest(), plan.Done) == 2 })
	pid := m.pid()
	m.tmux("respawn-pane", "-k", shell)
	m.eventually("end of the program", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
	close(s.free)
	was := i.newest()
	if was.State != "interrupted" || outcomesOf(was, plan.Done) != 2 || outcomesOf(was, plan.Running) != 1 {
		t.Errorf("the journal says %s %v", was.State, outcomes(was))
	}
	back := i.points("prod") == i.good
	if back == (i.points("live") == i.good) {
		t.Errorf("prod points to %s, live to %s", i.points("prod"), i.points("live"))
	}
	i.goesOn(was, "prod", "live")
}

// other is the tag that goes back with a tag.
func other(tag string) string { return map[string]string{"prod": "live", "live": "prod"}[tag] }

func outcomesOf(r changes.RunJSON, o plan.Outcome) int {
	return len(slices.DeleteFunc(outcomes(r), func(one plan.Outcome) bool { return one != o }))
}
