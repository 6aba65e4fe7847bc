package sdk

import (
	"errors"
	"fmt"
	"os/exec"
	"testing"

	"regatta/model/fault"
	"regatta/model/redact/redacttest"
	"regatta/registry/child"
)

// FuzzSecretsOfProcesses: nothing secret that a credential_process prints or says,
// well or badly, is in an error.
func FuzzSecretsOfProcesses(f *testing.F) {
	for i := range redacttest.Shapes() {
		f.Add(i, "cannot sign in: ", "")
		f.Add(i, `{"Version": 2, "x": "`, `"}`)
	}
	f.Fuzz(func(t *testing.T, shape int, before, after string) {
		text, ok := redacttest.Text(shape, before, after)
		if !ok {
			return
		}
		p, r := process{"aws-vault export", "prod"}, child.Result{Out: []byte(text), Said: text}
		_, parsed := p.parse(r.Out)
		for _, err := range []error{
			parsed, p.ended(t.Context(), r, &exec.ExitError{}), p.ended(t.Context(), r, errors.New(text)),
			p.ended(t.Context(), child.Result{Out: r.Out}, &exec.ExitError{}), Fault("sign in to", "registry.example", errors.New(text)),
		} {
			if err != nil {
				redacttest.Check(t, text, fmt.Sprint(err, " ", fault.AdviceOf(err)))
			}
		}
	})
}
