package contents

import (
	"regatta/cmd/cli/output"
	"regatta/model/diff"
	"regatta/model/file"
	"regatta/model/text"
)

type fileChangesJSON struct {
	AddedBytes   int64            `json:"addedBytes"`
	RemovedBytes int64            `json:"removedBytes"`
	Added        []string         `json:"added"`
	Removed      []string         `json:"removed"`
	Changed      []fileChangeJSON `json:"changed"`
}

type fileChangeJSON struct {
	Path          string `json:"path"`
	Content       bool   `json:"content"`
	Owner         bool   `json:"owner"` // mode, user or group
	Kind          bool   `json:"kind"`
	FromSizeBytes int64  `json:"fromSizeBytes"`
	ToSizeBytes   int64  `json:"toSizeBytes"`
}

func fileChanges(f *diff.Files) *fileChangesJSON {
	if f == nil {
		return nil
	}
	paths := func(all []*file.Node) []string {
		out := []string{}
		for _, n := range all {
			out = append(out, n.Path())
		}
		return out
	}
	out := &fileChangesJSON{f.AddedBytes, f.RemovedBytes, paths(f.Added), paths(f.Removed), []fileChangeJSON{}}
	for _, c := range f.Changed {
		out.Changed = append(out.Changed, fileChangeJSON{
			c.To.Path(), c.Content(), c.Owner(), c.Kind(), c.From.Entry.Size, c.To.Entry.Size,
		})
	}
	return out
}

// writeFiles prints files that differ.
func writeFiles(s *output.Sheet, f *diff.Files) {
	if f == nil {
		return
	}
	s.Line("  files: " + text.Count(len(f.Added)) + " added (" + text.Bytes(f.AddedBytes) + "), " +
		text.Count(len(f.Removed)) + " removed (" + text.Bytes(f.RemovedBytes) + "), " +
		text.Count(len(f.Changed)) + " changed")
	for _, n := range f.Removed {
		s.Line("  - " + n.Entry.Name())
	}
	for _, n := range f.Added {
		s.Line("  + " + n.Entry.Name())
	}
	for _, c := range f.Changed {
		s.Line("  ~ " + c.To.Entry.Name())
	}
}
