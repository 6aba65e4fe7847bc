// Package diff says how two images differ: layers, configuration, labels and
// history, platform by platform where they are indexes. It is pure: both were
// read before. It imports the standard library and its siblings in model.
package diff

import (
	"maps"
	"slices"
	"strings"

	"regatta/model/image"
	"regatta/model/ref"
)

// Part is one image of a side: its manifest and its configuration.
type Part struct {
	Platform image.Platform
	Manifest image.Manifest
	Config   image.Config
}

// Side is what is compared: an image alone, or an index with its parts.
type Side struct {
	Digest ref.Digest
	Parts  []Part
}

// Size is what the side takes to pull, in bytes: blobs of several parts once.
func (s Side) Size() int64 { return s.besides(map[ref.Digest]bool{}) }

// besides is how many bytes there are of blobs that were not seen.
func (s Side) besides(seen map[ref.Digest]bool) int64 {
	var sum int64
	for _, p := range s.Parts {
		for _, b := range p.Manifest.Blobs() {
			if !seen[b.Digest] {
				seen[b.Digest] = true
				sum += b.Size
			}
		}
	}
	return sum
}

// Index is how two sides differ.
type Index struct {
	From, To         ref.Digest
	FromSize, ToSize int64
	Transfer         int64    // bytes of the second that the first does not have
	Lost, Gained     []string // platforms
	Images           []Image  // those that both have, by platform
}

// Image is how two images of a platform differ.
type Image struct {
	Platform string
	From, To ref.Digest
	Layers   Layers
	Env      []Value // of the variables: their values may be secret
	Ports    Names
	Labels   []Value
	Settings []Value // entrypoint, cmd, user and the like, where they differ
	History  Names   // the steps of the build, in their order
}

// Names are what is there on one side only, or on both with other content.
type Names struct{ Added, Removed, Changed []string }

// Empty reports whether there is no difference.
func (n Names) Empty() bool { return len(n.Added)+len(n.Removed)+len(n.Changed) == 0 }

// NamesOf are the names of values, without what they are.
func NamesOf(all []Value) Names {
	var out Names
	for _, v := range all {
		switch {
		case v.From == nil:
			out.Added = append(out.Added, v.Name)
		case v.To == nil:
			out.Removed = append(out.Removed, v.Name)
		default:
			out.Changed = append(out.Changed, v.Name)
		}
	}
	return out
}

// Value is something that differs; nil is not there.
type Value struct {
	Name string  `json:"name"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

// String is the value in words.
func (v Value) String() string {
	switch {
	case v.From == nil:
		return v.Name + " comes: " + *v.To
	case v.To == nil:
		return v.Name + " goes: " + *v.From
	}
	return v.Name + ": " + *v.From + " → " + *v.To
}

// Compare says how b differs from a. Parts that are for no platform that the
// other side has are only named; an image without a platform is compared with one
// without.
func Compare(a, b Side) Index {
	out := Index{From: a.Digest, To: b.Digest, ToSize: b.Size()}
	has := map[ref.Digest]bool{}
	out.FromSize = a.besides(has)
	out.Transfer = b.besides(has)
	left, right := a.byPlatform(), b.byPlatform()
	for _, name := range slices.Sorted(maps.Keys(left)) {
		to, ok := right[name]
		if !ok {
			out.Lost = append(out.Lost, name)
			continue
		}
		out.Images = append(out.Images, Images(name, left[name], to))
	}
	for _, name := range slices.Sorted(maps.Keys(right)) {
		if _, ok := left[name]; !ok {
			out.Gained = append(out.Gained, name)
		}
	}
	return out
}

func (s Side) byPlatform() map[string]Part {
	out := map[string]Part{}
	for _, p := range s.Parts {
		if name := p.Platform.String(); out[name].Manifest.Digest == "" {
			out[name] = p
		}
	}
	return out
}

// Images says how one image differs from another.
func Images(platform string, a, b Part) Image {
	return Image{
		Platform: platform, From: a.Manifest.Digest, To: b.Manifest.Digest,
		Layers:   layers(image.LayerSteps(a.Manifest, a.Config), image.LayerSteps(b.Manifest, b.Config)),
		Env:      values(env(a.Config.Env), env(b.Config.Env)),
		Ports:    names(set(a.Config.Ports), set(b.Config.Ports)),
		Labels:   values(a.Config.Labels, b.Config.Labels),
		Settings: values(settings(a.Config), settings(b.Config)),
		History:  sequence(steps(a.Config), steps(b.Config)),
	}
}

// env is the variables by name; of one that is there twice the last counts.
func env(all []string) map[string]string {
	out := map[string]string{}
	for _, v := range all {
		name, value, _ := strings.Cut(v, "=")
		out[name] = value
	}
	return out
}

func set(all []string) map[string]string {
	out := map[string]string{}
	for _, v := range all {
		out[v] = ""
	}
	return out
}

func settings(c image.Config) map[string]string {
	out := map[string]string{
		"entrypoint": strings.Join(c.Entrypoint, " "), "cmd": strings.Join(c.Cmd, " "), "user": c.User,
		"workdir": c.WorkingDir, "stop signal": c.StopSignal, "volumes": strings.Join(c.Volumes, " "),
	}
	maps.DeleteFunc(out, func(_, value string) bool { return value == "" })
	return out
}

func steps(c image.Config) []string {
	out := make([]string, len(c.History))
	for i, h := range c.History {
		out[i] = h.CreatedBy
	}
	return out
}

func names(a, b map[string]string) Names {
	var out Names
	for _, name := range slices.Sorted(maps.Keys(a)) {
		switch now, ok := b[name]; {
		case !ok:
			out.Removed = append(out.Removed, name)
		case now != a[name]:
			out.Changed = append(out.Changed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[name]; !ok {
			out.Added = append(out.Added, name)
		}
	}
	return out
}

func values(a, b map[string]string) []Value {
	n := names(a, b)
	all := slices.Sorted(slices.Values(slices.Concat(n.Added, n.Removed, n.Changed)))
	out := make([]Value, 0, len(all))
	at := func(m map[string]string, name string) *string {
		if v, ok := m[name]; ok {
			return &v
		}
		return nil
	}
	for _, name := range all {
		out = append(out, Value{name, at(a, name), at(b, name)})
	}
	return out
}

// sequence is what is there more often on one side than on the other.
func sequence(a, b []string) Names {
	var out Names
	n := map[string]int{}
	for _, s := range a {
		n[s]++
	}
	for _, s := range b {
		if n[s]--; n[s] < 0 {
			out.Added = append(out.Added, s)
		}
	}
	for _, s := range a {
		if n[s] > 0 {
			n[s]--
			out.Removed = append(out.Removed, s)
		}
	}
	return out
}
