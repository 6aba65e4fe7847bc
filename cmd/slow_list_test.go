package cmd

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"regatta/registry/sandbox"
)

// Whoever deletes is told on the spot, not only in the journal, that the tags took so
// long to list that one which was set meanwhile may have gone along.
func TestASlowListIsPrinted(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
		c.reg.Inject(sandbox.Fault{
			Match:  func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tags/list") },
			Effect: sandbox.Meanwhile{Do: func() { time.Sleep(3 * time.Second) }},
		})
		for _, one := range []struct {
			as        format
			tag, want string
		}{
			{asTable, "v3.0", "\ncareful: the tags of shop/api took up to "},
			{asJSON, "v3.1", "\"slowLists\": [\n    \"the tags of shop/api took up to "},
		} {
			out, said, err := c.verb(func(ch *changing) error {
				ch.o.output = one.as
				return runDelete(t.Context(), ch, []string{"registry.example/shop/api:" + one.tag}, deleteOptions{changeOptions: ch.o, withTags: true})
			})
			if err != nil || strings.Count(out, one.want) != 1 {
				t.Errorf("%v: %s%s", err, out, said)
			}
		}
	})
}
