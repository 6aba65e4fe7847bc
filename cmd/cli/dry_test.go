package cli

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/registry/sandbox"
)

// dryWorld is a registry that is an account too, with a run to undo, an image
// in the archive, and files to push, to apply and to save as a policy.
type dryWorld struct {
	reg      *sandbox.Registry
	oci, ecr string // hosts
	dir      string
}

func newDryWorld(t *testing.T) *dryWorld {
	t.Helper()
	private(t)
	w := &dryWorld{
		reg: sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true}), dir: t.TempDir(),
		ecr: "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
	}
	furnish(w.reg)
	server := httptest.NewServer(w.reg)
	t.Cleanup(func() { server.Close(); _ = w.reg.Close() })
	w.oci = strings.TrimPrefix(server.URL, "http://")
	for k, v := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": w.file("none"), "AWS_SHARED_CREDENTIALS_FILE": w.file("none"),
	} {
		t.Setenv(k, v)
	}
	if err := os.WriteFile(w.file("policy.json"), []byte(savedPolicyText), 0o600); err != nil {
		t.Fatal(err)
	}
	old, _ := w.reg.Resolve("team/app", "v0.9.0")
	for _, args := range [][]string{
		{"archive", w.ecr + "/team/app@" + old, "--yes"},
		{"restore", w.ecr + "/team/app@" + old, "--plan", w.file("restore.json")},
		{"pull", w.oci + "/team/app:latest", "--to", w.file("layout"), "--yes"},
		{"delete", w.oci + "/team/app:latest", "--with-tags", "--plan", w.file("delete.json")},
		{"retag", w.oci + "/team/odd:chart", "alien", "--yes"},
	} {
		if code, out, errOut := runOut(t, args...); code != output.Done {
			t.Fatalf("%q: %d\n%s%s", args, code, out, errOut)
		}
	}
	return w
}

func (w *dryWorld) file(name string) string { return filepath.Join(w.dir, name) }

// commands are, by command, all the ways to a plan.
func (w *dryWorld) commands() map[string][][]string {
	app := w.oci + "/team/app"
	old, _ := w.reg.Resolve("team/app", "v0.9.0")
	return map[string][][]string{
		"retag":   {{app + ":latest", "stable"}, {app + ":latest", w.oci + "/team/other:stable"}},
		"untag":   {{app + ":v1"}, {app + ":latest"}},
		"delete":  {{app + ":latest", "--with-tags"}, {app + ":latest", "--with-tags", "--archive", w.file("kept")}},
		"copy":    {{app + ":latest", w.oci + "/team/copy:latest"}, {app + ":latest", w.oci + "/team/copy", "--referrers"}},
		"push":    {{"oci:" + w.file("layout"), w.oci + "/team/pushed:latest"}},
		"pull":    {{app + ":v1", "--to", w.file("pulled")}},
		"archive": {{w.ecr + "/team/app:v1"}},
		"restore": {{w.ecr + "/team/app@" + old}},
		"prune": {
			{app, "--keep-last", "0"},
			{app, "--match", "*", "--grace", "14d"},
			{app, "--untagged", "--orphans", "--broken", "--match", "*"},
			{app, "--match", "v*", "--any-tag", "--archive", w.file("kept")},
		},
		"apply":         {{w.file("delete.json")}, {w.file("restore.json")}},
		"undo":          {{}},
		"rollback":      {{w.oci + "/team/odd:alien"}},
		"lifecycle put": {{w.ecr + "/team/app", "--policy", w.file("policy.json")}},
	}
}

// mereReading are the AWS calls that change nothing. What a preview starts is none
// of the repository's.
var mereReading = regexp.MustCompile(`^(ecr:(Describe|Get|List|BatchGet|BatchCheck|StartLifecyclePolicyPreview)|sts:Get|ecs:(List|Describe))`)

// changes tells requests that are more than reading.
func writesOf(r sandbox.Request) bool {
	if r.Operation != "" {
		return !mereReading.MatchString(r.Operation)
	}
	return r.Method != http.MethodGet && r.Method != http.MethodHead
}

// writesOf are the requests that were more than reading.
func (w *dryWorld) writesOf() (out []string) {
	for _, r := range w.reg.Requests() {
		if writesOf(r) {
			out = append(out, r.Method+" "+r.Path+" "+r.Operation)
		}
	}
	return out
}

// refused runs the program on a terminal where somebody does not confirm.
func refused(t *testing.T, args []string) (code output.Exit, said string) {
	t.Helper()
	var both bytes.Buffer
	streams := output.Streams{
		In: strings.NewReader("no\n"), Out: &both, Err: &both, Terminal: true, Env: func(string) string { return "" },
	}
	code = run(t.Context(), args, streams, sandbox.Epoch)
	return code, both.String()
}

// Whatever only shows a plan, writes it to a file, or asks and is answered no,
// reads and does nothing else: not even whether the registry deletes is tried.
func TestDryPathsOnlyRead(t *testing.T) {
	w := newDryWorld(t)
	ways := w.commands()
	for _, verb := range dryVerbs(rootVerb(&verb.Program{})) {
		if len(ways[verb]) == 0 {
			t.Errorf("%s takes --dry-run and is not tried here", verb)
		}
	}
	for verb, all := range ways {
		for i, rest := range all {
			args := append(strings.Fields(verb), rest...)
			check := func(how string, want output.Exit, run func() (output.Exit, string)) {
				w.reg.ResetRequests()
				code, said := run()
				if code != want {
					t.Errorf("%s %d, %s: exit code %d\n%s", verb, i, how, code, said)
				}
				if got := w.writesOf(); len(got) > 0 {
					t.Errorf("%s %d, %s: %q", verb, i, how, got)
				}
				if len(w.reg.Requests()) == 0 && verb != "apply" {
					t.Errorf("%s %d, %s: nothing was asked", verb, i, how)
				}
			}
			say := func(more ...string) func() (output.Exit, string) {
				return func() (output.Exit, string) {
					code, out, errOut := runOut(t, slices.Concat(args, more)...)
					return code, out + errOut
				}
			}
			check("dry", output.Done, say("--dry-run"))
			if verb != "apply" {
				check("to a file", output.Done, say("--plan", w.file("some.json")))
			}
			if verb == "pull" {
				continue // it changes no registry, and asks nobody
			}
			check("without a terminal", output.Refused, say())
			check("not confirmed", output.Refused, func() (output.Exit, string) { return refused(t, args) })
		}
	}
}

// dryVerbs are the commands that have --dry-run.
func dryVerbs(c *cobra.Command) (out []string) {
	if c.Flags().Lookup("dry-run") != nil {
		_, verb, _ := strings.Cut(c.CommandPath(), " ")
		out = append(out, verb)
	}
	for _, child := range c.Commands() {
		out = append(out, dryVerbs(child)...)
	}
	return out
}
