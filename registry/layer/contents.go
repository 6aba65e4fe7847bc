package layer

import (
	"encoding/hex"
	"strings"
	"time"

	"regatta/model/file"
)

// contents are the entries of a table of contents, as they lie in the layer.
type contents []tableEntry

// tableEntry is one of a table of contents (docs/estargz.md, TOCEntry).
type tableEntry struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Size    int64  `json:"size"`
	ModTime string `json:"modtime"`
	Link    string `json:"linkName"`
	Mode    uint32 `json:"mode"`
	UID     int    `json:"uid"`
	GID     int    `json:"gid"`
	Digest  string `json:"digest"`      // of a regular file
	Offset  int64  `json:"offset"`      // in the layer, where decompression may begin
	Inner   int64  `json:"innerOffset"` // decompressed bytes before the content
}

// entries are the files.
func (c contents) entries() ([]file.Entry, error) {
	out := make([]file.Entry, 0, len(c))
	all := int64(0)
	for _, t := range c {
		if t.Type == "chunk" {
			continue
		}
		e, err := t.entry()
		if err != nil {
			return nil, err
		}
		if all += e.Size; all > maxPlain {
			return nil, errTable
		}
		out = append(out, e)
	}
	return out, nil
}

// find is where the content of a file begins. Its chunks follow each other.
func (c contents) find(i *file.Inode) (tableEntry, bool) {
	for _, t := range c {
		if t.Type != "reg" || t.Size != i.Size || t.Offset <= 0 || t.Inner < 0 {
			continue
		}
		if e, err := t.entry(); err == nil && e.Path == i.Path && e.Sum == i.Sum {
			return t, true
		}
	}
	return tableEntry{}, false
}

func (t tableEntry) entry() (file.Entry, error) {
	kinds := map[string]file.Type{
		"reg": file.Regular, "dir": file.Dir, "symlink": file.Symlink, "hardlink": file.Hardlink, "char": file.Char,
		"block": file.Block, "fifo": file.Fifo,
	}
	kind, ok := kinds[t.Type]
	if !ok || len(t.Name) > maxName || len(t.Link) > maxName || t.Size < 0 || t.Size > maxPlain {
		return file.Entry{}, errTable
	}
	e := file.Entry{Type: kind, Mode: t.Mode & 0o7777, UID: t.UID, GID: t.GID, Link: t.Link}
	e.Path, e.Odd = file.Place(t.Name)
	if at, err := time.Parse(time.RFC3339, t.ModTime); err == nil {
		e.Modified = at.Unix()
	}
	if kind != file.Regular {
		return e, nil
	}
	e.Size = t.Size
	sum, err := hex.DecodeString(strings.TrimPrefix(t.Digest, "sha256:"))
	if err != nil || len(sum) < len(e.Sum) && t.Size > 0 {
		return e, errTable // without it nobody could tell whether content changed
	}
	copy(e.Sum[:], sum)
	return e, nil
}
