package oci

import (
	"context"
	"encoding/json"
	"slices"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// names is a list of names in which anything else is left out and counted.
type names struct {
	listed  bool // the list was there, if only as null
	valid   []string
	skipped int64
}

func (n *names) read(raw json.RawMessage, check func(string) error) error {
	if raw == nil {
		return nil
	}
	n.listed = true
	var all []json.RawMessage
	var plain []string
	if json.Unmarshal(raw, &plain) != nil {
		if err := json.Unmarshal(raw, &all); err != nil {
			return err
		}
		plain = onlyStrings(all)
		n.skipped += int64(len(all) - len(plain))
	}
	n.valid = slices.DeleteFunc(plain, func(s string) bool { return check(s) != nil })
	n.skipped += int64(len(plain) - len(n.valid))
	return nil
}

func onlyStrings(all []json.RawMessage) []string {
	var out []string
	for _, raw := range all {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			out = append(out, s)
		}
	}
	return out
}

// Images is one page of a repository's tags, one image a tag, unread. The
// cursor is "" for the first page, else a page's Next. The last page of a list
// that is cut comes beside the error.
func (c *Client) Images(ctx context.Context, repo, cur string) (image.Page, error) {
	tags, omitted, next, err := c.tagPage(ctx, repo, cur)
	page := image.Page{Images: make([]image.Image, len(tags)), Next: next, Omitted: omitted}
	for i := range tags {
		page.Images[i] = image.Image{Tags: tags[i : i+1 : i+1]}
	}
	return page, err
}

func (c *Client) tagPage(
	ctx context.Context, repo, cur string,
) (tags []string, omitted int, next string, err error) {
	r := request{op: "list tags of", object: c.name(repo), repo: repo, path: "/v2/" + repo + "/tags/list", limit: maxPage}
	if err := ref.CheckRepository(repo); err != nil {
		return nil, 0, "", failure(r, fault.Invalid, err.Error())
	}
	var body struct {
		Name json.RawMessage `json:"name"`
		Tags json.RawMessage `json:"tags"`
	}
	if next, err = c.list(ctx, r, cur, &body); err != nil {
		return nil, 0, "", err
	}
	var n names
	if err := n.read(body.Tags, ref.CheckTag); err != nil || !n.listed && body.Name == nil {
		return nil, 0, "", failure(r, fault.Protocol, "the answer is not a list of tags")
	}
	c.skipped.Add(n.skipped)
	at, _ := parseCursor(cur)
	next, err = c.count(r, at, n.valid, next)
	return n.valid[:at.room(len(n.valid))], int(n.skipped), next, err
}

// Repositories is one page of the registry's catalog, which many registries
// refuse: the pinned repositories are then in the page beside the error.
func (c *Client) Repositories(ctx context.Context, cur string) (image.RepositoryPage, error) {
	r := request{op: "list repositories of", object: c.host, path: "/v2/_catalog", limit: maxPage}
	var body struct {
		Repositories json.RawMessage `json:"repositories"`
	}
	next, err := c.list(ctx, r, cur, &body)
	var n names
	if err == nil {
		if wrong := n.read(body.Repositories, ref.CheckRepository); wrong != nil || !n.listed {
			err = failure(r, fault.Protocol, "the answer is not a catalog")
		}
	}
	c.skipped.Add(n.skipped)
	at, _ := parseCursor(cur)
	if err == nil {
		next, err = c.count(r, at, n.valid, next)
	}
	n.valid = n.valid[:at.room(len(n.valid))]
	page := image.RepositoryPage{Next: next, Repositories: c.rows(n.valid, cur == ""), Omitted: int(n.skipped)}
	if fault.Is(err, fault.NotFound) {
		err = failure(r, fault.Unsupported, "it has no catalog")
	}
	return page, err
}

// rows puts the pinned repositories first, and only there: no name comes twice.
func (c *Client) rows(listed []string, first bool) []image.Repository {
	rows := make([]image.Repository, 0, len(listed)+len(c.o.Pins))
	if first {
		for _, pin := range c.o.Pins {
			if ref.CheckRepository(pin) == nil {
				rows = append(rows, c.row(pin))
			}
		}
	}
	for _, name := range listed {
		if !slices.Contains(c.o.Pins, name) {
			rows = append(rows, c.row(name))
		}
	}
	return rows
}

func (c *Client) row(name string) image.Repository {
	r := image.NewRepository(name)
	r.Pinned = slices.Contains(c.o.Pins, name)
	return r
}

func (c *Client) name(repo string) string {
	return ref.Reference{Host: c.host, Repository: repo}.String()
}
