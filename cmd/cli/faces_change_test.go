package cli

import (
	"net/http"
	"os"
	"strings"

	"regatta/cmd/cli/demo"
	"regatta/cmd/config"
	"regatta/registry/sandbox"
)

// changing are the journeys that change something.
func changing() map[string]*journey {
	return map[string]*journey{
		"untag":           {verb: "untag AT:v3.2.0-rc.1", keys: asked("v3.2.0-rc.1", "d", "v3.2.0-rc.1")},
		"untag a sibling": {verb: "untag AT:v3.2", keys: asked("v3.2", "d", "v3.2")},
		"untag where tags are not deleted alone": {
			options: sandbox.Options{Quirks: sandbox.Quirks{NoTagDelete: true}},
			verb:    "untag AT:v3.2", keys: asked("v3.2", "d", "v3.2"),
		},
		"untag where nothing is deleted": {
			options: sandbox.Options{Quirks: sandbox.Quirks{NoDelete: true}},
			verb:    "untag AT:v3.2", keys: asked("v3.2", "d", "v3.2"),
		},
		"delete where nothing is deleted": {
			options: sandbox.Options{Quirks: sandbox.Quirks{NoDelete: true}},
			verb:    "delete AT:v3.1.2 --with-tags", keys: by("v3.1.2", "x"),
		},
		"delete":               {verb: "delete AT:v3.2.0-rc.1 --with-tags", keys: by("v3.2.0-rc.1", "x")},
		"delete in an account": {at: demo.Account, verb: "delete AT:v3.1.2 --with-tags", keys: by("v3.1.2", "x")},
		"delete what runs": {
			at: demo.Account, verb: "delete AT:prod --with-tags", beyond: "--in-use", keys: by("prod", "x"),
		},
		"untag what runs": {
			at: demo.Account, verb: "untag AT:prod", beyond: "--in-use", keys: asked("prod", "d", "prod"),
		},
		"archive what runs": {at: demo.Account, verb: "archive AT:prod", beyond: "--in-use", keys: by("prod", "A")},
		"delete where a source is deaf": {
			at: demo.Account, options: deafAccount(), verb: "delete AT:v3.1.2 --with-tags", beyond: "--in-use", keys: by("v3.1.2", "x"),
		},
		"delete in red": {config: inRed, verb: "delete AT:v3.1.2 --with-tags", keys: by("v3.1.2", "x")},
		"delete what is gone": {
			verb: "delete AT@v3.1.2 --with-tags", keys: by("v3.1.2", "x"), now: func(w *world) {
				d, _ := w.reg.Resolve("shop/api", "v3.1.2")
				w.reg.DropManifest("shop/api", d)
			},
		},
		"untag what is gone": {
			verb: "untag AT:v3.1.2", keys: asked("v3.1.2", "d", "v3.1.2"), now: func(w *world) { w.reg.Untag("shop/api", "v3.1.2") },
		},
		"retag":                         {verb: "retag AT:v3.1.2 canary", keys: asked("v3.1.2", "t", "canary")},
		"retag what people deploy from": {verb: "retag AT:v3.1.2 prod", keys: asked("v3.1.2", "t", "prod")},
		"retag to where it is":          {verb: "retag AT:v3.2 prod", keys: asked("v3.2", "t", "prod")},
		"retag what runs":               {at: demo.Account, verb: "retag AT:v3.1.2 prod", keys: asked("v3.1.2", "t", "prod")},
		"retag what is not whole": {
			verb: "retag AT:v3.1.2 canary", beyond: "--not-whole", keys: asked("v3.1.2", "t", "canary"), now: broken("v3.1.2"),
		},
		"copy": {
			verb: "copy AT:v3.1.2 " + far + "/shop/copy:v1 --referrers", keys: asked("v3.1.2", "m", "shop/copy:v1"),
		},
		"copy what is not whole": {
			verb: "copy AT:v3.1.2 " + far + "/shop/copy:v1 --referrers", keys: asked("v3.1.2", "m", "shop/copy:v1"), now: broken("v3.1.2"),
		},
		"copy over another": {
			verb: "copy AT:v3.1.2 " + far + "/shop/api:prod --referrers", keys: asked("v3.1.2", "m", "shop/api:prod"),
		},
		"archive":       {at: demo.Account, verb: "archive AT:v3.1.2", keys: by("v3.1.2", "A")},
		"archive again": {at: demo.Account, before: archived, verb: "restore AT:v3.1.2", keys: by("v3.1.2", "A")},
		"retag what is archived": {
			at: demo.Account, before: archived, verb: "retag AT:v3.1.2 canary", keys: by("v3.1.2", "t"), hidden: asleep,
		},
		"copy what is archived": {
			at: demo.Account, before: archived, verb: "copy AT:v3.1.2 AT-copy:new", keys: by("v3.1.2", "m"), hidden: asleep,
		},
		"pull what is archived": {
			at: demo.Account, before: archived, verb: "pull AT:v3.1.2 --to DIR/layout", keys: by("v3.1.2", "P"), hidden: asleep,
		},
		"retag in a repository that is immutable": {
			at: demo.Account, before: immutable, verb: "retag AT:v3.1.2 prod", keys: asked("v3.1.2", "t", "prod"),
		},
		"delete in a repository that is immutable": {
			at: demo.Account, before: immutable, verb: "delete AT:v3.1.2 --with-tags", keys: by("v3.1.2", "x"),
		},
		"pull": {verb: "pull AT:v3.1.2 --to DIR/layout", keys: func(s *stage) {
			asked("v3.1.2", "P", s.session.Dir+"/layout")(s)
		}},
		"pull over a file": {
			verb: "pull AT:v3.1.2 --to DIR/layout", before: occupied, keys: func(s *stage) {
				asked("v3.1.2", "P", s.session.Dir+"/layout")(s)
			},
		},
		"delete in a registry that is only read": {
			config: func(c *config.Config) { c.ReadOnly = true }, verb: "delete AT:v3.1.2 --with-tags", keys: by("v3.1.2", "x"),
			hidden: "no key x here",
		},
		"delete in a context that is only read": {
			config: onlyRead, verb: "delete AT:v3.1.2 --with-tags", keys: by("v3.1.2", "x"), hidden: "this context is read-only",
		},
		"copy into a context that is only read": {
			config: onlyRead, verb: "copy AT:v3.1.2 " + far + "/shop/copy:v1", keys: asked("v3.1.2", "m", "shop/copy:v1"),
		},
	}
}

// asleep is what a screen that lists an image as archived says, before anybody is asked where to.
const asleep = "v3.1.2 is archived and cannot be pulled: A restores it"

// inRed is a registry that the config marks as production.
func inRed(c *config.Config) {
	c.Registries = []config.Registry{{Name: "live", Kind: "oci", Host: far, Color: "red"}}
}

func onlyRead(c *config.Config) {
	c.Registries = []config.Registry{{Name: "live", Kind: "oci", Host: far, ReadOnly: true}}
}

// deafAccount does not tell what runs.
func deafAccount() (o sandbox.Options) {
	o.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecs:ListTasks"}}}
	return o
}

// immutable has the tags of the repository never move.
func immutable(w *world) {
	body := `{"repositoryName":"shop/api","imageTagMutability":"IMMUTABLE"}`
	r, err := http.NewRequestWithContext(w.ctx, http.MethodPost, "https://api.ecr.eu-central-1.amazonaws.com/", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.PutImageTagMutability")
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIADEMO/20261120/eu-central-1/ecr/aws4_request")
	a, err := w.reg.Transport().RoundTrip(r)
	if err != nil || a.StatusCode != http.StatusOK {
		w.t.Fatal(a, err)
	}
	_ = a.Body.Close()
}

// archived is v3.1.2 in the archive.
func archived(w *world) {
	d, _ := w.reg.Resolve("shop/api", "v3.1.2")
	if !w.reg.Archive("shop/api", d, w.app.Now().AddDate(0, 0, -100)) {
		w.t.Fatal("nothing was archived")
	}
}

// occupied is the place of a pull, which something else has.
func occupied(w *world) {
	if err := os.WriteFile(w.app.Dir+"/layout", []byte("my notes"), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// broken lets an image lose what its configs say.
func broken(tag string) func(*world) {
	return func(w *world) { losing(w, tag)() }
}
