package usage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"regatta/model/fault"
	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry/plain"
)

// File is a list of references that people keep: one a line, with # before
// remarks. A name without tag and digest means latest, as everywhere.
type File struct{ Path string }

const (
	maxLine  = 4 << 10
	maxLines = 1_000_000
	maxBytes = 256 << 20
)

// Ask implements Source. It ends with ctx also where the disk does not answer.
func (s File) Ask(ctx context.Context) usage.Answer {
	answer := make(chan usage.Answer, 1)
	go func() { answer <- s.ask(ctx) }()
	select {
	case a := <-answer:
		return a
	case <-ctx.Done():
		return s.answer(s.finds(), ctx.Err())
	}
}

func (s File) ask(ctx context.Context) usage.Answer {
	f := s.finds()
	file, err := plain.Open(s.Path)
	if err == nil {
		defer func() { _ = file.Close() }() // it was only read
		err = f.read(ctx, file)
	}
	return s.answer(f, err)
}

func (s File) finds() *finds {
	return &finds{answer: usage.Answer{Source: usage.File, Scope: text.Clean(s.Path)}}
}

func (s File) answer(f *finds, err error) usage.Answer {
	if err != nil {
		f.fail(&fault.Error{
			Op: "read", Object: "the references in " + text.Clean(s.Path), Kind: kindOfFile(err),
			Detail: detailOfFile(err), Err: err,
		})
	}
	return f.done()
}

// read notes all references, and the first line that is none.
func (f *finds) read(ctx context.Context, r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxBytes}
	lines := bufio.NewScanner(limited)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	var wrong error
	for n := 1; lines.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
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
	if limited.N <= 0 {
		return &plain.SizeError{Most: maxBytes}
	}
	return wrong
}

func kindOfFile(err error) fault.Kind {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fault.NotFound
	case errors.Is(err, os.ErrPermission):
		return fault.Denied
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.KindOf(err)
	}
	return fault.Invalid
}

func detailOfFile(err error) string {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err.Error()
	}
	return redact.Line(err.Error())
}
