package survey_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// ground is the layer that images are based on, larger than all the rest of them.
var ground = strings.Repeat("base ", 2000)

// estate is a repository with an image to delete, beside others: one that is based
// on the same, and some that have nothing to do with it.
type estate struct {
	*sandbox.Registry

	client *oci.Client
	digest ref.Digest
}

func newEstate(t *testing.T, unrelated ...string) *estate {
	t.Helper()
	reg, c := newClient(t)
	e := &estate{Registry: reg, client: c, digest: ref.Digest(reg.PushImage(repo, sandbox.Image{Layers: []string{ground, "own"}}))}
	reg.Tag(repo, "v1", string(e.digest), sandbox.Epoch())
	for _, name := range append([]string{"shop/web"}, unrelated...) {
		layers := []string{"layer of " + name}
		if name == "shop/web" {
			layers = []string{ground, "of the web"}
		}
		reg.Tag(name, "v1", reg.PushImage(name, sandbox.Image{Layers: layers, Env: []string{"NAME=" + name}}), sandbox.Epoch())
	}
	return e
}

func (e *estate) delete(ctx context.Context, progress func(total, done int)) (plan.Plan, error) {
	v, err := survey.View(ctx, e.client, repo, survey.Options{Digests: []ref.Digest{e.digest}, Referrers: true})
	if err != nil {
		return plan.Plan{}, err
	}
	e.ResetRequests()
	return survey.Delete(ctx, e.client, v, plan.Selection{Digests: []ref.Digest{e.digest}}, plan.Options{}, progress)
}

// heads are the questions that other repositories were asked: by whether of manifests,
// and of whom.
func (e *estate) heads() (blobs, manifests map[string]int) {
	blobs, manifests = map[string]int{}, map[string]int{}
	for _, r := range e.Requests() {
		at := regexp.MustCompile(`^/v2/(.+)/(blobs|manifests)/sha256:`).FindStringSubmatch(r.Path)
		switch {
		case r.Method != http.MethodHead || at == nil || at[1] == repo:
		case at[2] == "blobs":
			blobs[at[1]]++
		default:
			manifests[at[1]]++
		}
	}
	return blobs, manifests
}

func TestOthersAreAskedWhatTheyHold(t *testing.T) {
	t.Parallel()
	e := newEstate(t, "shop/worker", "tools/backup")
	total, done := 0, 0
	p, err := e.delete(t.Context(), func(more, through int) { total, done = total+more, done+through })
	must(t, err)
	shared := p.ReclaimedBytes - p.InRegistry.ReclaimedBytes
	if p.InRegistry.AtMost || !p.InRegistry.AtLeast || !strings.HasPrefix(p.InRegistry.Reason, "other repositories have 10 kB of it") || shared != int64(len(ground)) || p.InRegistry.ReclaimedBytes <= 0 {
		t.Errorf("%d bytes, and in the registry %+v", p.ReclaimedBytes, p.InRegistry)
	}
	blobs, manifests := e.heads()
	for _, name := range []string{"shop/web", "shop/worker", "tools/backup"} {
		if manifests[name] != 1 || blobs[name] < 2 {
			t.Errorf("%s was asked for %d manifests and %d blobs", name, manifests[name], blobs[name])
		}
	}
	if total != 15 || done == 0 || done > total { // the repository itself for three blobs
		t.Errorf("%d of %d", done, total)
	}
}

// A repository that holds the image whole keeps its manifest too.
func TestManifestsAreHeldToo(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	if d := e.PushImage("prod/api", sandbox.Image{Layers: []string{ground, "own"}}); d != string(e.digest) {
		t.Fatalf("%s is another image than %s", d, e.digest)
	}
	p, err := e.delete(t.Context(), nil)
	must(t, err)
	if *p.InRegistry != (plan.InRegistry{}) || p.ReclaimedBytes == 0 { // its manifest needs the rest
		t.Errorf("%d bytes, and in the registry %+v", p.ReclaimedBytes, p.InRegistry)
	}
}

// What is not known makes a bound, with the reason.
func TestWhatCannotBeAskedMakesABound(t *testing.T) {
	t.Parallel()
	const web = "/v2/shop/web/"
	status := func(code int, prefix string) sandbox.Fault {
		return sandbox.Fault{Method: http.MethodHead, Prefix: prefix, Effect: sandbox.Status{Code: code}}
	}
	catalog := func(says string) sandbox.Fault {
		return sandbox.Fault{Prefix: "/v2/_catalog", Effect: sandbox.Body{ContentType: "application/json", Text: says}}
	}
	for name, c := range map[string]struct {
		quirks sandbox.Quirks
		fault  sandbox.Fault
		reason string
		had    bool // another has the base, needed or left over
	}{
		"no catalog":      {quirks: sandbox.Quirks{NoCatalog: true}, reason: "the registry does not list its repositories"},
		"empty catalog":   {fault: catalog(`{"repositories":[]}`), reason: "the registry does not list " + repo},
		"null catalog":    {fault: catalog(`{"repositories":null}`), reason: "the registry does not list " + repo},
		"others' catalog": {fault: catalog(`{"repositories":["shop/web"]}`), reason: "the registry does not list " + repo, had: true},
		"denied":          {fault: status(http.StatusForbidden, web), reason: "1 repository did not answer"},
		"another denies":  {fault: status(http.StatusForbidden, "/v2/tools/"), reason: "1 repository did not answer", had: true},
		"the base fails":  {fault: status(http.StatusForbidden, web+"blobs/"), reason: "1 repository did not answer"},
		"the limit holds": {fault: status(http.StatusTooManyRequests, "/v2/"), reason: "did not answer"},
		"trouble":         {fault: status(http.StatusInternalServerError, "/v2/"), reason: "did not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEstate(t, "shop/worker", "tools/backup")
			e.SetQuirks(c.quirks)
			v, err := survey.View(t.Context(), e.client, repo, survey.Options{Digests: []ref.Digest{e.digest}, Referrers: true})
			must(t, err)
			if c.fault.Effect != nil {
				e.Inject(c.fault)
			}
			p, err := survey.Delete(t.Context(), e.client, v, plan.Selection{Digests: []ref.Digest{e.digest}}, plan.Options{}, nil)
			must(t, err)
			r := p.InRegistry
			if r == nil || !r.AtMost || !strings.Contains(r.Reason, c.reason) || r.ReclaimedBytes != p.ReclaimedBytes ||
				strings.Contains(r.Reason, "may be left over") != c.had {
				t.Errorf("%d bytes, and in the registry %+v", p.ReclaimedBytes, r)
			}
			if _, said := p.Frees(); !strings.HasPrefix(said, "≤ ") || r.AtLeast {
				t.Errorf("frees %s", said)
			}
		})
	}
}

// A registry in trouble is left alone.
func TestTroubleEndsTheQuestions(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("team-%02d/app", i))
	}
	e := newEstate(t, names...)
	v, err := survey.View(t.Context(), e.client, repo, survey.Options{Digests: []ref.Digest{e.digest}, Referrers: true})
	must(t, err)
	e.Inject(sandbox.Fault{Method: http.MethodHead, Effect: sandbox.Status{Code: http.StatusTooManyRequests}})
	e.ResetRequests()
	p, err := survey.Delete(t.Context(), e.client, v, plan.Selection{Digests: []ref.Digest{e.digest}}, plan.Options{}, nil)
	must(t, err)
	if blobs, _ := e.heads(); len(blobs) > 17 {
		t.Errorf("%d repositories were asked", len(blobs))
	}
	if why := p.InRegistry.Reason; !strings.Contains(why, "not asked for everything") || strings.Contains(why, "limit") {
		t.Error(why)
	}
}

func TestAskingCanBeCancelled(t *testing.T) {
	t.Parallel()
	e := newEstate(t, "shop/worker")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := e.delete(ctx, func(int, int) { cancel() })
	if !errors.Is(err, context.Canceled) && !fault.Is(err, fault.Cancelled) {
		t.Error(err)
	}
}

// crowd is a registry of many repositories, none of which holds anything, but one.
type crowd struct {
	survey.Neighbours

	names  int
	page   int
	cut    bool
	holder string
	last   string // one more name, after all the others
	asked  chan string
}

func (c *crowd) Repositories(_ context.Context, cursor string) (image.RepositoryPage, error) {
	from := 0
	_, _ = fmt.Sscan(cursor, &from)
	if c.cut && from > 0 {
		return image.RepositoryPage{}, &fault.Error{Kind: fault.Unavailable}
	}
	var out image.RepositoryPage
	for i := from; i < min(from+c.page, c.names); i++ {
		out.Repositories = append(out.Repositories, image.NewRepository(fmt.Sprintf("team/%05d", i)))
	}
	if from+c.page < c.names {
		out.Next = strconv.Itoa(from + c.page)
		return out, nil
	}
	out.Repositories = append(out.Repositories, image.NewRepository(repo))
	if c.last != "" {
		out.Repositories = append(out.Repositories, image.NewRepository(c.last))
	}
	return out, nil
}

func (c *crowd) BlobExists(_ context.Context, of string, _ image.Descriptor) (bool, error) {
	if of == repo {
		return true, nil // undo has all that it needs
	}
	c.asked <- of
	return of == c.holder, nil
}

func (c *crowd) Resolve(_ context.Context, repo, _ string) (image.Descriptor, error) {
	c.asked <- repo
	if repo == c.holder {
		return image.Descriptor{}, nil
	}
	return image.Descriptor{}, &fault.Error{Kind: fault.NotFound}
}

func TestQuestionsHaveALimit(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	v, err := survey.View(t.Context(), e.client, repo, survey.Options{Digests: []ref.Digest{e.digest}, Referrers: true})
	must(t, err)
	for name, c := range map[string]struct {
		crowd  crowd
		asked  int
		reason string
	}{
		"a few":         {crowd{names: 30, page: 10}, 30 * 4, ""},
		"many":          {crowd{names: 900, page: 100}, 2000, "900 repositories were not asked for everything: 2,000 requests are the limit"},
		"more than all": {crowd{names: 50_000, page: 1000}, 2000, "it has more than 2,000 repositories"},
		"a cut list":    {crowd{names: 30, page: 10, cut: true}, 40, "the registry does not list all of its repositories"},
	} {
		c.crowd.asked = make(chan string, 10_000)
		p, err := survey.Delete(t.Context(), &c.crowd, v, plan.Selection{Digests: []ref.Digest{e.digest}}, plan.Options{}, nil)
		must(t, err)
		if n := len(c.crowd.asked); n != c.asked {
			t.Errorf("%s: asked %d times, want %d", name, n, c.asked)
		}
		r := p.InRegistry
		if r.AtMost != (c.reason != "") || !strings.HasPrefix(r.Reason, c.reason) || r.ReclaimedBytes != p.ReclaimedBytes {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Whoever holds the largest is asked first for the rest, and before that those
// whose names are near.
func TestWhoMayHoldMostIsAskedFirst(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	v, err := survey.View(t.Context(), e.client, repo, survey.Options{Digests: []ref.Digest{e.digest}, Referrers: true})
	must(t, err)
	for holder, most := range map[string]int{"team/00700": 900, "shop/worker": 200} {
		c := &crowd{names: 1500, page: 1000, last: "shop/worker", holder: holder, asked: make(chan string, 10_000)}
		p, err := survey.Delete(t.Context(), c, v, plan.Selection{Digests: []ref.Digest{e.digest}}, plan.Options{}, nil)
		must(t, err)
		if r := p.InRegistry; *r != (plan.InRegistry{}) || len(c.asked) > most {
			t.Errorf("%s holds everything: asked %d times, and in the registry %+v", holder, len(c.asked), r)
		}
	}
}
