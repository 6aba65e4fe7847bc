package oci

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"regatta/model/fault"
	"regatta/model/text"
)

// list reads one page of a list of names: the first one at r.path, or the one
// that cur leads to. out is what the page's JSON is read into.
func (c *Client) list(ctx context.Context, r request, cur string, out any) (next string, err error) {
	at := firstCursor(r.path)
	var a answer
	if cur == "" {
		a, err = c.firstPage(ctx, r)
	} else {
		var ok bool
		if at, ok = parseCursor(cur); !ok || !strings.HasPrefix(at.path, r.path) {
			return "", failure(r, fault.Invalid, "the cursor is not of this list")
		}
		r.path, r.query, _ = strings.Cut(at.path, "?")
		a, err = c.get(ctx, r)
	}
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return "", failure(r, fault.Protocol, "the answer is not a list: "+said(err.Error()))
	}
	return c.nextPage(r, at, a.header)
}

func (c *Client) nextPage(r request, at cursor, h http.Header) (string, error) {
	link := nextLink(h)
	if link == "" {
		return "", nil
	}
	query, ok := follow(c.session.url(c.endpoint, r.path, ""), link)
	if !ok {
		return "", failure(r, fault.Protocol, "the next page is said to be elsewhere: "+said(link))
	}
	next, ok := at.next(r.path + "?" + query)
	if !ok {
		return "", failure(r, fault.Protocol, "the list goes round in circles after "+
			text.Plural(at.page, "page", "pages"))
	}
	return next.String(), nil
}

// firstPage asks for as many names as the registry is known to give at once,
// and learns when that is too many: Quay answers 413, ECR 400 UNSUPPORTED.
func (c *Client) firstPage(ctx context.Context, r request) (answer, error) {
	for {
		n := c.pageSize.Load()
		r.query = pageQuery(n)
		a, err := c.get(ctx, r)
		if err == nil || n == 0 || !isPageRefusal(err) {
			return a, err
		}
		smaller := smallerPage(n)
		if c.pageSize.CompareAndSwap(n, smaller); smaller == 0 {
			r.query = ""
			a, again := c.get(ctx, r)
			if again != nil {
				c.pageSize.Store(int64(c.o.PageSize)) // the size was not the matter
				return a, err
			}
			return a, nil
		}
	}
}

func pageQuery(n int64) string {
	if n == 0 {
		return ""
	}
	return url.Values{"n": {strconv.FormatInt(n, 10)}}.Encode()
}

func smallerPage(n int64) int64 {
	const modest = 100
	if n > modest {
		return modest
	}
	return 0
}

// statusError carries an answer's status to those who learn from it.
type statusError int

// Error implements error.
func (e statusError) Error() string { return "HTTP " + strconv.Itoa(int(e)) }

func isPageRefusal(err error) bool {
	status, ok := errors.AsType[statusError](err)
	switch int(status) {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return ok
	}
	return false
}
