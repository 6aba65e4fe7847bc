package cmd

import (
	"testing"

	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

func onAccount(repository string) setup {
	return setup{target: &ref.Reference{Host: demoAccount, Repository: repository}}
}

// From the images to what runs them, narrowed, and on to the image that is run.
func TestJourneyToWhatRunsAnImage(t *testing.T) {
	t.Parallel()
	perform(t, onAccount("shop/api"), func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle).See("✓ ecs eu-central-1", "prod/shop-api", "8 uses of shop/api")
		s.Press("/").Type("is:running tag:prod").Press("enter").Advance(settle).See("1 / 8 uses").SeeNot("staging/shop-api")
		s.Press("enter").Advance(settle).See("used by › prod", "39a368b103bd", "entrypoint")
		s.Press("esc").See("1 / 8 uses")
	})
}

// What runs is a key away from the repositories and from an image too.
func TestUsageFromRepositoriesAndAnImage(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: &ref.Reference{Host: demoAccount}}, func(s *stage) {
		s.Advance(settle).Press("/").Type("shop/api").Press("enter").Advance(settle)
		s.Press("u").Advance(settle).See("used by", "8 uses of shop/api").Press("esc")
		s.Press("enter").Advance(settle).Press("enter").Advance(settle).See("1 overview")
		s.Press("u").Advance(settle).See("used by", "8 uses of shop/api")
	})
}

// A source that may not tell all is named with the permission that it lacks, and
// what it did tell is there.
func TestUsageScreenIsIncomplete(t *testing.T) {
	t.Parallel()
	with := onAccount("shop/api")
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecs:ListTasks"}}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle)
		s.See("! ecs eu-central-1", "incomplete", "ecs:ListTasks", "prod-shop-api:7")
	})
}

// Sources fail on their own: a file that is missing does not take away ECS.
func TestUsageScreenWithAMissingFile(t *testing.T) {
	t.Parallel()
	with := onAccount("shop/api")
	with.config = func(c *config.Config) {
		c.Registries = append(c.Registries, config.Registry{
			Name: "account", Kind: "oci", Host: demoAccount, Profile: "dev",
			Usage: config.Usage{ECS: []string{"eu-central-1"}, References: "/nowhere/references"},
		})
	}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle)
		s.See("✓ ecs eu-central-1", "! file /nowhere/references", "incomplete, 0 uses", "prod/shop-api")
	})
}

// Where nobody is asked the screen does not say that nothing runs.
func TestUsageScreenWithoutSources(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: &ref.Reference{Host: demoHost, Repository: "shop/api"}}, func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle).See("Nobody is asked what runs the images")
	})
}
