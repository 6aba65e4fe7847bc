package cli

import (
	"fmt"
	"testing"

	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// What an operator goes through on an account, from the profile to who runs an
// image, as pictures.
func TestScreensOfAJourneyThroughAnAccount(t *testing.T) {
	t.Parallel()
	perform(t, setup{config: twoContexts, terminal: uitest.Terminal{Width: 120, Height: 40}}, func(s *stage) {
		s.Advance(settle)
		for i, step := range []struct {
			name string
			play func(*stage)
		}{
			{"profile", typed("G")},
			{"repositories", typed("enter")},
			{"images", func(s *stage) { s.Press("/").Type("shop/api").Press("enter", "enter").Advance(settle) }},
			{"findings", func(s *stage) {
				s.Press("/").Type("v2.11.0").Press("enter").Advance(settle).Press("enter").Advance(settle).Press("8").Advance(settle)
			}},
			{"access", func(s *stage) { s.Press("esc").Advance(settle).Press("w").Advance(settle) }},
			{"used-by", func(s *stage) { s.Press("esc").Advance(settle).Press("u").Advance(settle) }},
		} {
			step.play(s)
			checkFrame(t, s.Screen(), 120, 40)
			golden(t, fmt.Sprintf("testdata/screens/journey-account-%d-%s.txt", i+1, step.name), s.Screen())
		}
	})
}

// The table says who may what, the tabs how it is written and set, and a policy
// for a role is asked for, checked and copied.
func TestAccessScreen(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		s.Advance(settle).Press("w").Advance(settle).See("root  of 444455556666", "other account", "role/ci", "5 principals")
		s.Press("/").Type("is:pusher").Press("enter").Advance(settle).See("2 / 5 principals", "role/platform").SeeNot("role/deploy")
		s.Press("p").Type("x y").Press("enter").See("is not the ARN of a role").Press("ctrl+u").Type("arn:aws:iam::444455556666:role/run")
		s.Press("enter").See("copied the pull policy for arn:aws:iam::444455556666:role/run")
		s.Press("2", "G").See(`"Sid": "partner"`).Press("c").See("copied the repository policy")
		s.Press("]").See("The registry has no policy.").Press("]").Advance(settle).See("on push", "eu-west-1", "mutable", "AES256")
		s.Press("[", "[", "[").See("2 / 5 principals")
	})
}

// What may not be read is named by its permission, and the rest is there.
func TestAccessScreenInParts(t *testing.T) {
	t.Parallel()
	with := onAccount()
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{
		"ecr:GetRegistryPolicy", "ecr:DescribePullThroughCacheRules",
	}}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("w").Advance(settle).See("role/ci", "! read the registry policy", "ecr:GetRegistryPolicy is missing")
		s.Press("3").See("ecr:GetRegistryPolicy is missing").Press("4").See("on push", "ecr:DescribePullThroughCacheRules is missing")
	})
}

// A registry that does not say who may use it says that.
func TestAccessOfOtherRegistries(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onSandbox()}, func(s *stage) {
		s.Advance(settle).Press("w").Advance(settle).See("this registry does not say who may use it")
	})
}

// An image says where it is replicated to; who may not ask reads the rest.
func TestReplicationOfAnImage(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle).See("replicated", "eu-west-1 of 111122223333, complete", "entrypoint")
	})
	with := onAccount()
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecr:DescribeImageReplicationStatus"}}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle).See("replicated", "not known: ", "entrypoint")
	})
}
