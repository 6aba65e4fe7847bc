package cli

import (
	"testing"
	"time"

	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// archivePolicyText takes what is in the archive for a hundred days, and keeps
// five of all others.
const archivePolicyText = `{"rules": [
	{"rulePriority": 1, "selection": {"tagStatus": "any", "storageClass": "archive", "countType": "sinceImageTransitioned",
		"countUnit": "days", "countNumber": 100}, "action": {"type": "expire"}},
	{"rulePriority": 2, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5},
		"action": {"type": "expire"}}]}`

// What is archived counts as archived, read before or not: AWS says the same.
func TestLifecycleOfArchivedImages(t *testing.T) {
	t.Parallel()
	with := ofAccount("shop/mailer")
	with.terminal = uitest.Terminal{Width: 160, Height: 40}
	perform(t, with, func(s *stage) {
		for tag, ago := range map[string]time.Duration{"v1.1.0": 120 * 24 * time.Hour, "v1.2.0": 24 * time.Hour} {
			d, _ := s.reg.Resolve("shop/mailer", tag)
			if !s.reg.Archive("shop/mailer", d, sandbox.Epoch().Add(-ago)) {
				t.Fatal(tag)
			}
		}
		s.reg.SetLifecycle("shop/mailer", archivePolicyText)
		s.Advance(settle).Press("L").Advance(settle).Press("enter").Advance(settle).See("2 archived images list is not known")
		s.Press("/").Type("v1.").Press("enter").Advance(settle).See("in the archive for more than 100 days", "rule 1 2")
		s.Press("A").Advance(settle).Advance(settle).Advance(settle).See("AWS says the same")
	})
}
