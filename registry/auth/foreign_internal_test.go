package auth

import (
	"errors"
	"fmt"
	"testing"

	"regatta/model/redact/redacttest"
	"regatta/registry/child"
)

// FuzzSecretsOfHelpers: nothing that a credential helper prints or says, well or
// badly, is in an error.
func FuzzSecretsOfHelpers(f *testing.F) {
	for i := range redacttest.Shapes() {
		f.Add(i, "error getting credentials: ", "", i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, shape int, before, after string, fails bool) {
		text, ok := redacttest.Text(shape, before, after)
		if !ok {
			return
		}
		var failed error
		if fails {
			failed = errors.New(text)
		}
		_, err := question{"docker-credential-x", "registry.example"}.answered(child.Result{Out: []byte(text), Said: text}, failed)
		if err != nil {
			redacttest.Check(t, text, fmt.Sprintf("%v %+v", err, err))
		}
	})
}
