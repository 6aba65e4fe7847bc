package cli

import (
	"bytes"
	"strings"
	"testing"

	"regatta/cmd/cli/output"
	"regatta/registry/sandbox"
)

// answered runs the program on a terminal where someone types.
func answered(t *testing.T, typed string, args ...string) (code output.Exit, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	streams := output.Streams{
		In: strings.NewReader(typed), Out: &o, Err: &e, Terminal: true, Env: func(string) string { return "" },
	}
	code = run(t.Context(), args, streams, sandbox.Epoch)
	return code, e.String()
}

func TestConfirmation(t *testing.T) {
	private(t)
	host, stop := serveSandbox(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	defer stop()
	image := host + "/team/app"
	for _, tt := range []struct {
		name, typed string
		args        []string
		code        output.Exit
		asks        string
	}{
		{"enter", "\n", []string{"untag", image + ":v1"}, output.Refused, "go on? [y/N]"},
		{"the end of the input", "", []string{"untag", image + ":v1"}, output.Refused, "go on? [y/N]"},
		{"no", "n\n", []string{"untag", image + ":v1"}, output.Refused, "nothing was changed"},
		{"a yes where the name is wanted", "y\n", []string{"untag", image + ":latest"}, output.Refused, "type team/app to go on"},
		{"yes", "y\n", []string{"untag", image + ":v1"}, output.Done, "go on? [y/N]"},
		{"the name", "team/app\n", []string{"untag", image + ":latest"}, output.Done, "people may deploy from latest"},
	} {
		code, errOut := answered(t, tt.typed, tt.args...)
		if code != tt.code || !strings.Contains(errOut, tt.asks) {
			t.Errorf("%s: exit code %d, %s", tt.name, code, errOut)
		}
	}
	if code, out, _ := runOut(t, "tags", "--no-details", image); code != output.Done || out != "v1.0.0\nv0.9.0\n" {
		t.Errorf("left are %q", out)
	}
}

// What the registry deletes is tried once the plan is confirmed. If that makes
// another one, this is shown and asked about too.
func TestConfirmationOfAnotherPlan(t *testing.T) {
	private(t)
	host, stop := serveSandbox(sandbox.Options{
		Now: sandbox.Epoch, Empty: true, Quirks: sandbox.Quirks{NoTagDelete: true},
	})
	defer stop()
	image := host + "/team/app"
	code, errOut := answered(t, "y\nn\n", "untag", image+":v1")
	if code != output.Refused || strings.Count(errOut, "go on? [y/N]") != 2 || !strings.Contains(errOut, "makes it another plan") {
		t.Errorf("exit code %d, %s", code, errOut)
	}
	if _, out, _ := runOut(t, "tags", "--no-details", image); !strings.Contains(out, "v1\n") {
		t.Errorf("left are %q", out)
	}
	if code, errOut = answered(t, "y\ny\n", "untag", image+":v1"); code != output.Done {
		t.Errorf("exit code %d, %s", code, errOut)
	}
	if _, out, _ := runOut(t, "tags", "--no-details", image); strings.Contains(out, "v1\n") {
		t.Errorf("left are %q", out)
	}
}
