package contents

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/model/file"
	"regatta/model/ref"
	"regatta/model/text"
)

// listing is the files that somebody asks for.
type listing struct {
	*inside.Image

	o filesOptions
}

// each visits the files that are asked for, as long as it is wanted.
func (l listing) each(visit func(n *file.Node) bool) {
	root := l.Files.Root
	if l.o.layer > 0 {
		root = l.Files.Layers[l.o.layer-1]
	}
	more := true
	root.Walk(func(n *file.Node, _ int) bool {
		if more && (n.Layer >= 0 || n.Unknown()) && l.wanted(n.Path()) {
			more = visit(n)
		}
		return more
	})
}

func (l listing) wanted(p string) bool {
	return len(l.o.globs) == 0 ||
		slices.ContainsFunc(l.o.globs, func(glob string) bool { return file.Match(glob, p) })
}

func (l listing) waste() []file.Waste {
	return slices.DeleteFunc(slices.Clone(l.Files.Waste), func(w file.Waste) bool { return !l.wanted(w.Path) })
}

func (l listing) write(w io.Writer) {
	if l.o.waste {
		l.writeWaste(w)
		return
	}
	header := []string{"MODE", "OWNER", "SIZE", "LAYER", "PATH"}
	found := false
	l.each(func(*file.Node) bool {
		found = true
		return false
	})
	if found { // there may be a million of them
		output.WriteRows(w, header, func(yield func([]string) bool) {
			l.each(func(n *file.Node) bool { return yield(l.row(n)) })
		})
	}
	f := l.Files
	fmt.Fprintf(w, "%s%s in %s, %s stored, %s of it wasted\n", l.least(), text.Plural(f.Root.Files, "file", "files"),
		l.bytes(f.Root.Bytes), l.bytes(f.Stored), l.bytes(f.Wasted))
}

// row is a file as a row of the table.
func (l listing) row(n *file.Node) []string {
	e := n.Entry
	name := text.Clean(e.Path)
	if n.Unknown() && n.Change == file.Removed {
		return []string{"unknown", "", "", "", changeMark(n.Change) + " " + name}
	}
	if l.o.layer > 0 {
		name = changeMark(n.Change) + " " + name
	}
	if e.Link != "" {
		name += " -> " + text.Clean(e.Link)
	}
	size := text.Bytes(e.Size)
	if e.Type != file.Regular {
		size = ""
	}
	return []string{e.Perm(), strconv.Itoa(e.UID) + ":" + strconv.Itoa(e.GID), size, strconv.Itoa(n.Layer + 1), name}
}

// least marks sums that are bounds, as some layers could not be read.
func (l listing) least() string {
	if l.Files.Complete() {
		return ""
	}
	return "≥ "
}

func (l listing) bytes(n int64) string { return l.least() + text.Bytes(n) }

// changeMark is what a layer did to a path.
func changeMark(c file.Change) string {
	return map[file.Change]string{
		file.Added: "+", file.Modified: "~", file.Removed: "-", file.Unchanged: " ", file.Unclear: "?",
	}[c]
}

func (l listing) writeWaste(w io.Writer) {
	g := output.Grid{Header: []string{"WASTED", "COPIES", "NOW", "PATH"}}
	for _, one := range l.waste() {
		now := "stored again"
		if one.Gone {
			now = "removed"
		}
		g.Add(text.Bytes(one.Bytes), strconv.Itoa(one.Copies), now, one.Path)
	}
	if g.Some() {
		g.Write(w)
	}
	fmt.Fprintf(w, "%s of %s wasted\n", l.bytes(l.Files.Wasted), l.bytes(l.Files.Stored))
}

// FilesJSON is the document of files.
type FilesJSON struct {
	Reference   string          `json:"reference"`
	Digest      ref.Digest      `json:"digest"` // of the image
	Platform    *string         `json:"platform"`
	Complete    bool            `json:"complete"`  // all layers were read; else the sums are the least it can be
	FileCount   int             `json:"fileCount"` // of the image, links among them
	Bytes       int64           `json:"bytes"`     // that one sees
	StoredBytes int64           `json:"storedBytes"`
	WastedBytes int64           `json:"wastedBytes"`
	Layers      []layerListJSON `json:"layers"`
	Files       []fileJSON      `json:"files"`
	Waste       []wasteJSON     `json:"waste"`
}

type layerListJSON struct {
	layerJSON

	Members *int    `json:"members"` // of its tar
	Error   *string `json:"error"`
}

type fileJSON struct {
	Path       string  `json:"path"`
	Type       string  `json:"type"` // unknown of what was taken away from a layer that could not be read
	Mode       *string `json:"mode"` // octal
	UID        *int    `json:"uid"`
	GID        *int    `json:"gid"`
	SizeBytes  *int64  `json:"sizeBytes"`
	ModifiedAt *string `json:"modifiedAt"`
	Link       *string `json:"link"`
	Layer      *int    `json:"layer"`  // counted from 1
	Change     *string `json:"change"` // what the layer of --layer did; null without it
}

type wasteJSON struct {
	Path    string `json:"path"`
	Bytes   int64  `json:"bytes"`
	Copies  int    `json:"copies"`
	Removed bool   `json:"removed"`
}

func (l listing) document() FilesJSON {
	f := l.Files
	out := FilesJSON{
		Reference: l.Ref.Name(), Digest: l.Ref.Digest, Platform: null.Of(l.Platform.String()), Complete: f.Complete(),
		FileCount: f.Root.Files,
		Bytes:     f.Root.Bytes, StoredBytes: f.Stored, WastedBytes: f.Wasted, Layers: []layerListJSON{},
		Files: []fileJSON{}, Waste: []wasteJSON{},
	}
	for i, st := range l.Layers {
		one := layerListJSON{layerJSON: layerJSON{
			null.Of(st.Layer.Digest), null.Of(st.Layer.MediaType), st.Layer.Size, null.Of(st.CreatedBy),
		}}
		if err := l.LayerErrs[i]; err != nil {
			one.Error = null.Of(errors.Unwrap(err).Error())
		} else {
			one.Members = new(l.Members[i])
		}
		out.Layers = append(out.Layers, one)
	}
	for _, w := range l.waste() {
		out.Waste = append(out.Waste, wasteJSON{w.Path, w.Bytes, w.Copies, w.Gone})
	}
	if !l.o.waste {
		l.each(func(n *file.Node) bool {
			out.Files = append(out.Files, l.fileDoc(n))
			return true
		})
	}
	return out
}

func (l listing) fileDoc(n *file.Node) fileJSON {
	e := n.Entry
	kinds := [...]string{"file", "directory", "symlink", "hardlink", "char", "block", "fifo", "other"}
	if n.Unknown() && n.Change == file.Removed {
		return fileJSON{Path: e.Path, Type: "unknown", Change: new("removed")}
	}
	out := fileJSON{
		Path: e.Path, Type: kinds[e.Type], Mode: new(fmt.Sprintf("%04o", e.Mode)), UID: &e.UID, GID: &e.GID,
		SizeBytes:  &e.Size,
		ModifiedAt: null.Time(e.Time()), Link: null.Of(e.Link), Layer: new(n.Layer + 1),
	}
	if l.o.layer > 0 {
		changes := map[file.Change]string{
			file.Added: "added", file.Modified: "modified", file.Removed: "removed", file.Unchanged: "unchanged",
			file.Unclear: "unknown",
		}
		out.Change = new(changes[n.Change])
	}
	return out
}
