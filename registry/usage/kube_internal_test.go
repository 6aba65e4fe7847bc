package usage

import (
	"os"
	"strings"
	"testing"

	"regatta/model/ref"
	"regatta/model/text"
)

// FuzzKubernetes: whatever kubectl prints, it is read or refused, and what comes
// of it can be shown.
func FuzzKubernetes(f *testing.F) {
	raw, err := os.ReadFile("testdata/prod.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	f.Add(`{"items":[{"kind":"Pod","metadata":{"ownerReferences":[{"kind":"Pod","controller":true}]}}]}`)
	f.Add(`{"items":[null,{"spec":{"template":null,"jobTemplate":{"spec":{}}}}],"items":{}}`)
	f.Fuzz(func(t *testing.T, printed string) {
		c := &cluster{}
		err := c.decode(strings.NewReader(printed))
		c.settle()
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
		for _, u := range c.done().Uses {
			if r, err := ref.ParseRepository(u.Image.String()); err != nil || r != u.Image {
				t.Errorf("%v is no reference: %v", u.Image, err)
			}
			if text.Clean(u.String()) != u.String() {
				t.Errorf("%q", u.String())
			}
		}
	})
}
