package config

import (
	"fmt"
	"path/filepath"
	"strings"
)

// expander makes paths of the file absolute: ~ is the user's home, $NAME and
// ${NAME} are the environment's, and the rest is relative to the file itself.
type expander struct {
	dir, home string
	lookup    func(name string) (string, bool)
}

func (e expander) expand(path string) (string, error) {
	path, err := e.variables(path)
	if err != nil {
		return "", err
	}
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || rest[0] == '/' || rest[0] == filepath.Separator) {
		path = filepath.Join(e.home, rest)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(e.dir, path)
	}
	return filepath.Clean(path), nil
}

func (e expander) variables(path string) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(path, "$")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after := variable(rest)
		if name == "" {
			return "", fmt.Errorf("a $ in the path %q names no environment variable", shown(path))
		}
		value, ok := e.lookup(name)
		if !ok {
			return "", fmt.Errorf("the environment variable %s of the path is not set", shown(name))
		}
		b.WriteString(value)
		path = after
	}
}

// variable reads the name after a '$', with braces or without.
func variable(s string) (name, after string) {
	if inner, ok := strings.CutPrefix(s, "{"); ok {
		name, after, ok = strings.Cut(inner, "}")
		if !ok || nameLen(name) != len(name) {
			return "", s
		}
		return name, after
	}
	n := nameLen(s)
	return s[:n], s[n:]
}

func nameLen(s string) int {
	for i, c := range s {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(s)
}
