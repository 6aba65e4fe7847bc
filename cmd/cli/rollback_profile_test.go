package cli

import (
	"net/http"
	"strings"
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// The rows on screen say what the candidates are; what is read once is read
// through the store, and the rows below the screen are not read.
func TestCandidatesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 160, Height: 24}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("j", "j").CursorOn("prod").Press("b").Advance(settle).Press("enter").Advance(settle)
		s.See("AGE", "SIZE", "PLATFORMS", "COMMIT", "SIGNED").SeeNot("FINDINGS", "·")
		before := len(s.reg.Requests())
		s.Press("G").Advance(settle).SeeNot("·")
		if n := len(s.reg.Requests()); n == before {
			t.Error("the rows at the end were read before anybody looked at them")
		}
		before = len(s.reg.Requests())
		s.Press("r").Advance(settle).SeeNot("·")
		for _, r := range s.reg.Requests()[before:] {
			if r.Method == http.MethodGet && strings.Contains(r.Path, "/manifests/") {
				t.Errorf("%s was read again", r.Path)
			}
		}
	})
}

// On Amazon ECR what the listing tells costs no read, and what is archived none
// at all.
func TestCandidatesOfAnAccount(t *testing.T) {
	t.Parallel()
	with := inShopOnECS()
	with.terminal = uitest.Terminal{Width: 160, Height: 24}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("/").Type("prod").Press("enter").Advance(settle)
		s.reg.Inject(sandbox.Fault{
			Match:  func(r *http.Request) bool { return strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".BatchGetImage") },
			Effect: sandbox.Status{Code: http.StatusForbidden},
		})
		s.Press("b").Advance(settle).Press("enter").Advance(settle)
		s.See("FINDINGS", "27 MB", " ! ", "read "+demo.Account).SeeNot("amd64")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).SeeNot(" ! ")
		s.See("amd64 arm64", "341b6202", "verified", "1C", "reads count as pulls here: visible rows only")
		s.Press("G").Advance(settle).See("git-341b620", "pushed 4w ago")
	})
}

// What differs is told with findings that come back and packages of SBOMs, in the
// plan and, in full, on the screen that compares.
func TestCandidateIsCompared(t *testing.T) {
	t.Parallel()
	with := inShopOnECS()
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("/").Type("prod").Press("enter").Advance(settle)
		s.Press("b").Advance(settle).Press("enter").Advance(settle).Press("j", "j", "j", "j", "j").Advance(settle)
		s.Press("=").Advance(settle).See("compare", "prod", "v2.11.0").Press("esc").Advance(settle)
		s.Press("enter").Advance(settle)
		s.See("roll back prod of shop/api to v2.11.0", "differs, findings:", "come back", "differs, packages:")
	})
}
