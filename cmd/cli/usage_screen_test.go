package cli

import (
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

func onAccount() setup {
	return setup{target: &ref.Reference{Host: demo.Account, Repository: "shop/api"}}
}

// From the images to what runs them, narrowed, and on to the image that is run.
func TestJourneyToWhatRunsAnImage(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle).See("✓ ecs eu-central-1", "prod/shop-api", "8 uses of shop/api")
		s.Press("/").Type("is:running tag:prod").Press("enter").Advance(settle).See("1 / 8 uses").SeeNot("staging/shop-api")
		s.Press("enter").Advance(settle).See("used by › prod", "0bc1af0c7d37", "entrypoint")
		s.Press("esc").See("1 / 8 uses")
	})
}

// What runs is a key away from the repositories and from an image too.
func TestUsageFromRepositoriesAndAnImage(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: &ref.Reference{Host: demo.Account}}, func(s *stage) {
		s.Advance(settle).Press("/").Type("shop/api").Press("enter").Advance(settle)
		s.Press("u").Advance(settle).See("used by", "8 uses of shop/api").Press("esc")
		s.Press("enter").Advance(settle).Press("enter").Advance(settle).See("1 overview")
		s.Press("u").Advance(settle).See("used by", "5 uses of v3.3.0")
	})
}

// From an image only its own uses are there: by its tags, its digest, and that
// of its platform, which is what a task runs; and all of them a key away.
func TestUsageOfOneImage(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle).Press("u").Advance(settle)
		s.See("5 uses of v3.3.0", "staging/shop-api", "9087da8f2506").SeeNot("prod/shop-api", "space mark")
		s.Press("U").Advance(settle).See("8 uses of shop/api", "prod/shop-api")
		s.Press("U").Advance(settle).See("5 uses of v3.3.0")
		s.Press("esc", "2").Advance(settle).Press("enter").Advance(settle).See("shop/api › v3.3.0 › 9087da8f2506")
		s.Press("u").Advance(settle).See("5 uses of 9087da8f2506", "staging/shop-api")
	})
}

// An image that nothing runs says so, and not that nothing of its repository is
// run.
func TestUsageOfAnUnusedImage(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		s.Advance(settle).Press("/").Type("tag:v2.4.0").Press("enter").Advance(settle).Press("enter").Advance(settle)
		s.Press("u").Advance(settle).See("Nothing that was asked runs this image. U shows the 8 uses of its repository.")
		s.Press("U").Advance(settle).See("8 uses of shop/api")
	})
}

// A source that may not tell all is named with the permission that it lacks, and
// what it did tell is there.
func TestUsageScreenIsIncomplete(t *testing.T) {
	t.Parallel()
	with := onAccount()
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecs:ListTasks"}}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle)
		s.See("! ecs eu-central-1", "incomplete", "ecs:ListTasks", "prod-shop-api:7")
	})
}

// Sources fail on their own: a file that is missing does not take away ECS.
func TestUsageScreenWithAMissingFile(t *testing.T) {
	t.Parallel()
	with := onAccount()
	with.config = func(c *config.Config) {
		c.Registries = append(c.Registries, config.Registry{
			Name: "account", Kind: "oci", Host: demo.Account, Profile: "dev",
			Usage: config.Usage{ECS: []string{"eu-central-1"}, References: "/nowhere/references"},
		})
	}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle)
		s.See("✓ ecs eu-central-1", "! file /nowhere/references", "incomplete, 0 uses", "prod/shop-api")
	})
}

// Where no usage source is configured the screen does not say that nothing runs.
func TestUsageScreenWithoutSources(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: &ref.Reference{Host: demo.Host, Repository: "shop/api"}}, func(s *stage) {
		s.Advance(settle).Press("u").Advance(settle).See("No usage source is configured")
	})
}
