package cleanup

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/text"
)

// KeepList is what a file says to keep. The zero value keeps nothing.
type KeepList struct {
	digests  map[ref.Digest]int // with the line that says so
	tags     map[string]int
	patterns []string
	lines    []int // of the patterns

	// Elsewhere counts the entries that name other repositories.
	Elsewhere int
}

// ParseKeepList reads a keep list for a repository, given without tag and
// digest: a tag, digest, pattern or full reference a line. What follows a # is
// a comment. The error names every line that cannot be read.
func ParseKeepList(source string, repository ref.Reference) (KeepList, error) {
	list := KeepList{digests: map[ref.Digest]int{}, tags: map[string]int{}}
	var all []error
	at := 0
	for line := range strings.SplitSeq(strings.TrimPrefix(source, "\ufeff"), "\n") {
		at++
		entry, _, _ := strings.Cut(line, "#")
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		if err := list.add(entry, at, repository); err != nil {
			all = append(all, fmt.Errorf("line %d: %w", at, err))
		}
	}
	return list, errors.Join(all...)
}

func (k *KeepList) add(entry string, line int, repository ref.Reference) error {
	if strings.HasPrefix(entry, "sha256:") || strings.HasPrefix(entry, "sha512:") {
		d, err := ref.ParseDigest(entry)
		k.digests[d] = line
		return err
	}
	if strings.ContainsAny(entry, "/:@") {
		return k.reference(entry, line, repository)
	}
	return k.tag(entry, line)
}

func (k *KeepList) tag(tag string, line int) error {
	if strings.ContainsAny(tag, "*?") {
		k.patterns, k.lines = append(k.patterns, tag), append(k.lines, line)
		return CheckPattern(tag)
	}
	k.tags[tag] = line
	return ref.CheckTag(tag)
}

// reference takes a full reference, of which the tag may be a pattern. One
// without a tag and a digest means latest, as everywhere.
func (k *KeepList) reference(entry string, line int, repository ref.Reference) error {
	name, pattern := cutPattern(entry)
	r, err := ref.ParseRepository(name)
	switch {
	case err != nil:
		return fmt.Errorf("%q: %w", text.Clean(entry), err)
	case r.Host != repository.Host || r.Repository != repository.Repository:
		k.Elsewhere++
		return nil
	case r.Digest != "":
		k.digests[r.Digest] = line
		if r.Tag == "" {
			return nil
		}
	case pattern != "":
		return k.tag(pattern, line)
	case r.Tag == "":
		r.Tag = "latest"
	}
	return k.tag(r.Tag, line)
}

// cutPattern takes a tag that is a pattern off a reference.
func cutPattern(entry string) (name, pattern string) {
	at := strings.LastIndexByte(entry, ':')
	if at > strings.LastIndexByte(entry, '/') && strings.ContainsAny(entry[at:], "*?") {
		return entry[:at], entry[at+1:]
	}
	return entry, ""
}

// idle are the entries that name nothing in g, by line: a typing mistake there
// keeps nothing.
func (k *KeepList) idle(g *graph.Graph, tags []string) []string {
	found := map[int]string{}
	for d, line := range k.digests {
		if !g.Has(d) {
			found[line] = string(d)
		}
	}
	for t, line := range k.tags {
		if _, ok := slices.BinarySearch(tags, t); !ok {
			found[line] = t
		}
	}
	for i, p := range k.patterns {
		if len(matching(p, tags)) == 0 {
			found[k.lines[i]] = p
		}
	}
	var out []string
	for _, line := range slices.Sorted(maps.Keys(found)) {
		out = append(out, fmt.Sprintf("line %d: %s", line, found[line]))
	}
	return out
}

// keeps says which line of the list keeps an image.
func (k *KeepList) keeps(img *Image) (why string, ok bool) {
	if line, ok := k.digests[img.Digest]; ok {
		return fmt.Sprintf("it is on the keep list, line %d", line), true
	}
	for _, t := range img.Tags {
		if line, ok := k.tags[t]; ok {
			return fmt.Sprintf("%s is on the keep list, line %d", t, line), true
		}
		if p, ok := first(k.patterns, t); ok {
			return fmt.Sprintf("%s matches %s on the keep list, line %d", t, p, k.lineOf(p)), true
		}
	}
	return "", false
}

func (k *KeepList) lineOf(pattern string) int {
	for i, p := range k.patterns {
		if p == pattern {
			return k.lines[i]
		}
	}
	return 0
}
