package doctor

import (
	"context"
	"net/http"
	"strings"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/registry/oci"
)

// signIn says who the user is there, and whether that is believed.
func (e *examination) signIn(ctx context.Context) Finding {
	id, err := e.session.Keychain().Identity(ctx, e.host)
	if err != nil {
		return Broken(err)
	}
	who := "anonymous"
	if !id.Anonymous() {
		who = "signed in by a token from " + id.Source
		if id.User != "" {
			who = id.User + " from " + id.Source
		}
	}
	b, err := e.session.Open(e.host)
	if err == nil {
		err = b.Ping(ctx)
	}
	if err != nil {
		return Fail("", "%s: %s", who, err.Error()).of(err)
	}
	return OK("%s", who)
}

func (e *examination) setSample(repository string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.repository = repository
}

func (e *examination) sample() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.repository
}

func (e *examination) catalog(ctx context.Context) Finding {
	b, err := e.session.Open(e.host)
	if err != nil {
		return Broken(err)
	}
	page, err := b.Repositories(ctx, "")
	if len(page.Repositories) > 0 {
		e.setSample(page.Repositories[0].Name)
	}
	switch n := len(page.Repositories); {
	case err != nil:
		return Warn("open HOST/REPOSITORY, or pin repositories in the config", "%s", err.Error())
	case page.Next != "":
		return OK("%s, and there are more", text.Plural(n, "repository", "repositories"))
	default:
		return OK("%s", text.Plural(n, "repository", "repositories"))
	}
}

// paging asks for one tag, to see whether it gets one tag and the way to the
// next.
func (e *examination) paging(ctx context.Context) Finding {
	repo := e.sample()
	if repo == "" {
		return Skip("there is no repository to try it on")
	}
	page, err := e.smallPage(ctx, repo)
	switch {
	case err != nil:
		return Warn("", "%s", err.Error()).of(err)
	case len(page.Images) > 1:
		return Warn("", "the registry ignores the page size: %s at once", text.Plural(len(page.Images), "tag", "tags"))
	case page.Next == "":
		return Skip("%s has too few tags to tell", repo)
	}
	return OK("tags come in pages")
}

func (e *examination) smallPage(ctx context.Context, repo string) (image.Page, error) {
	s := e.session
	client := oci.New(e.host, oci.Options{
		Transport: s.Transport(), Keychain: s.Keychain(), Now: s.Now, Insecure: e.plainAllowed(), PageSize: 1,
	})
	return client.Images(ctx, repo, "")
}

// referrers asks for those of one image, and reads in the log of requests
// whether the registry has the API or the fallback tag was needed.
func (e *examination) referrers(ctx context.Context) Finding {
	repo := e.sample()
	if repo == "" {
		return Skip("there is no repository to try it on")
	}
	page, err := e.smallPage(ctx, repo)
	if err != nil || len(page.Images) == 0 {
		return Skip("there is no image to try it on")
	}
	b, err := e.session.Open(e.host)
	if err != nil {
		return Broken(err)
	}
	d, err := b.Resolve(ctx, repo, page.Images[0].Tags[0])
	if err == nil {
		_, err = b.Referrers(ctx, repo, d.Digest)
	}
	if err != nil {
		return Warn("", "%s", err.Error()).of(err)
	}
	for _, entry := range e.session.Transport().Entries() {
		if strings.Contains(entry.URL, "/referrers/"+string(d.Digest)) && entry.Status == http.StatusOK {
			return OK("the registry has the referrers API")
		}
	}
	return Warn("", "the registry has no referrers API; signatures and SBOMs are found by their tags")
}

// limits are what the registry said in headers: warnings, and the requests that
// it still allows.
func (e *examination) limits(context.Context) Finding {
	var said []string
	result := statusOK
	t := e.session.Transport()
	if b, found := t.Budget(e.endpoint); found {
		said = append(said, text.Count(b.Remaining)+" of "+text.Count(b.Limit)+" reads left")
		if b.Remaining*10 < b.Limit {
			result = StatusWarn
		}
	}
	for _, w := range t.Warnings(e.endpoint) {
		said, result = append(said, "the registry warns: "+w), StatusWarn
	}
	switch {
	case len(said) == 0:
		return OK("the registry names no limits and warns of nothing")
	case result == StatusWarn:
		return Warn("", "%s", strings.Join(said, "; ")).of(&fault.Error{Kind: fault.RateLimited})
	}
	return OK("%s", strings.Join(said, "; "))
}

// StoreFinding is how the store does.
func StoreFinding(s *app.App) Finding {
	st := s.Store().Status()
	switch {
	case !st.Working:
		return Warn("nothing is remembered beyond this run; see cache.path in the config", "%s: %s", st.Path, st.Reason)
	case st.Reason != "":
		return Warn("", "%s: %s", st.Path, st.Reason)
	}
	return OK("%s works, %s", st.Path, text.Bytes(st.Bytes))
}
