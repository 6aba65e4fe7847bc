package usage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"regatta/model/fault"
	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

// File is a list of references that people keep: one a line, with # before
// remarks. A name without tag and digest means latest, as everywhere.
type File struct{ Path string }

const (
	maxLine  = 4 << 10
	maxLines = 1_000_000
)

// Ask implements Source.
func (s File) Ask(context.Context) usage.Answer {
	f := &finds{answer: usage.Answer{Source: usage.File, Scope: text.Clean(s.Path)}}
	file, err := os.Open(filepath.Clean(s.Path))
	if err == nil {
		defer func() { _ = file.Close() }() // it was only read
		err = f.read(file)
	}
	if err != nil {
		f.fail(&fault.Error{
			Op: "read", Object: "the references in " + text.Clean(s.Path), Kind: kindOfFile(err),
			Detail: detailOfFile(err), Err: err,
		})
	}
	return f.done()
}

// read notes all references, and the first line that is none.
func (f *finds) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	var wrong error
	for n := 1; lines.Scan(); n++ {
		if n > maxLines {
			return fmt.Errorf("it has more than %s lines", text.Count(maxLines))
		}
		name, _, _ := strings.Cut(lines.Text(), "#")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if _, err := ref.Parse(name); err != nil {
			if wrong == nil {
				wrong = fmt.Errorf("line %d: %w", n, err)
			}
			continue
		}
		f.add(usage.Use{Place: fmt.Sprintf("line %d", n), How: usage.Listed}, name, "")
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return wrong
}

func kindOfFile(err error) fault.Kind {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fault.NotFound
	case errors.Is(err, os.ErrPermission):
		return fault.Denied
	}
	return fault.Invalid
}

func detailOfFile(err error) string {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err.Error()
	}
	return redact.Line(err.Error())
}
