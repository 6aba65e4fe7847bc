package store

import (
	"cmp"
	"slices"
	"time"
)

// Tags lists the tags in lexical order of their bytes.
func (r *Repository) Tags() []Tag {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := make([]Tag, 0, len(r.tags))
	for _, tag := range r.tags {
		all = append(all, *tag)
	}
	slices.SortFunc(all, func(a, b Tag) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Tag finds a tag by name.
func (r *Repository) Tag(name string) (Tag, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	tag, ok := r.tags[name]
	if !ok {
		return Tag{}, false
	}
	return *tag, true
}

// TagsOf lists the tags that point at a digest in lexical order.
func (r *Repository) TagsOf(digest string) []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.names[digest])
}

// SetTag points a tag at a digest, whether or not there is such a manifest.
func (r *Repository) SetTag(name, digest string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := &Tag{Name: name, Digest: digest, PushedAt: at}
	if old, ok := r.tags[name]; ok && old.Digest == digest {
		next.PulledAt = old.PulledAt
	}
	r.unname(name)
	r.tags[name] = next
	names := slices.Clone(r.names[digest])
	i, _ := slices.BinarySearch(names, name)
	r.names[digest] = slices.Insert(names, i, name)
}

// Untag removes a tag and leaves its manifest.
func (r *Repository) Untag(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.tags[name]
	r.unname(name)
	delete(r.tags, name)
	return ok
}

// unname takes a tag off the names of its digest.
func (r *Repository) unname(name string) {
	tag, ok := r.tags[name]
	if !ok {
		return
	}
	names := slices.DeleteFunc(slices.Clone(r.names[tag.Digest]), func(s string) bool { return s == name })
	if len(names) == 0 {
		delete(r.names, tag.Digest)
		return
	}
	r.names[tag.Digest] = names
}
