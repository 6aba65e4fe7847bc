package usage

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/redact/redacttest"
)

// FuzzSecretsOfKubectl: nothing secret that kubectl, or a plugin that signs it in,
// prints or says is in an error.
func FuzzSecretsOfKubectl(f *testing.F) {
	for i := range redacttest.Shapes() {
		f.Add(i, "error: exec: ", "")
		f.Add(i, `{"items":[{"kind":"`, `"}]}`)
	}
	f.Fuzz(func(t *testing.T, shape int, before, after string) {
		text, ok := redacttest.Text(shape, before, after)
		if !ok {
			return
		}
		k, c := Kubernetes{Context: "prod"}, &cluster{}
		read := c.decode(strings.NewReader(text))
		for _, err := range []error{
			k.verdict(t.Context(), read, nil, ""), k.verdict(t.Context(), nil, &exec.ExitError{}, text),
			k.verdict(t.Context(), nil, errors.New(text), ""), k.verdict(t.Context(), errors.New(text), nil, text),
		} {
			if err != nil {
				redacttest.Check(t, text, fmt.Sprint(err, " ", fault.AdviceOf(err)))
			}
		}
	})
}
