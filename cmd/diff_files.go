package cmd

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/diff"
	"regatta/model/file"
	"regatta/model/text"
)

// filesOf reads the files of an image of the end.
func filesOf(
	ctx context.Context, s *app.App, e inside.Resolved, progress inside.Progress,
) (*inside.Image, error) {
	in, err := inside.Open(ctx, s, e, nil)
	if err != nil {
		return nil, err
	}
	if err := in.Read(ctx, progress); err != nil {
		return nil, err
	}
	return in, in.Unread("compare", "the files", "what differs")
}

// compareFiles reads the layers of two images of a platform. Of those that they
// share nothing is read twice.
func compareFiles(
	ctx context.Context, s *app.App, from, to inside.Resolved, i diff.Image, progress func(total, done int64),
) (diff.Files, error) {
	from.Ref.Digest, to.Ref.Digest = i.From, i.To
	a, err := filesOf(ctx, s, from, progress)
	if err != nil {
		return diff.Files{}, err
	}
	b, err := filesOf(ctx, s, to, progress)
	if err != nil {
		return diff.Files{}, err
	}
	return diff.CompareFiles(a.Files.Root, b.Files.Root), nil
}

// addFiles compares the files of every platform.
func (c *comparison) addFiles(ctx context.Context, s *app.App, progress func(total, done int64)) error {
	for _, i := range c.index.Images {
		if i.From == i.To {
			continue
		}
		f, err := compareFiles(ctx, s, c.from, c.to, i, progress)
		if err != nil {
			return err
		}
		c.files[i.Platform] = &f
	}
	return nil
}

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
func writeFiles(s *sheet, f *diff.Files) {
	if f == nil {
		return
	}
	s.line("  files: " + text.Count(len(f.Added)) + " added (" + text.Bytes(f.AddedBytes) + "), " +
		text.Count(len(f.Removed)) + " removed (" + text.Bytes(f.RemovedBytes) + "), " +
		text.Count(len(f.Changed)) + " changed")
	for _, n := range f.Removed {
		s.line("  - " + n.Entry.Name())
	}
	for _, n := range f.Added {
		s.line("  + " + n.Entry.Name())
	}
	for _, c := range f.Changed {
		s.line("  ~ " + c.To.Entry.Name())
	}
}
