package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"regatta/model/redact"
	"regatta/model/text"
)

// EnvPath is the environment variable that names another file.
const EnvPath = "REGATTA_CONFIG"

const (
	maxFile  = 1 << 20
	maxDepth = 16
)

// Path is where the file is looked for: $REGATTA_CONFIG, else
// $XDG_CONFIG_HOME/regatta/config.yaml.
func Path() string {
	if path := os.Getenv(EnvPath); path != "" {
		return path
	}
	return filepath.Join(xdg.ConfigHome, "regatta", "config.yaml")
}

// Load reads the file at path. A file that is not there is the default
// configuration. What is wrong with its content is an Errors.
func Load(path string) (*Config, error) {
	raw, err := read(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return Default(), nil
	case err != nil:
		return nil, fmt.Errorf("read the configuration: %w; make it a readable file or name another in %s", err, EnvPath)
	}
	return parse(path, raw, expander{
		dir: filepath.Dir(path), home: xdg.Home, lookup: os.LookupEnv,
	})
}

func read(path string) (raw []byte, err error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	raw, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(raw) > maxFile {
		err = fmt.Errorf("%s is larger than 1 MiB", path)
	}
	return raw, err
}

func parse(file string, raw []byte, paths expander) (*Config, error) {
	root, err := document(raw)
	if err != nil {
		return nil, Errors{located(file, err)}
	}
	c := Default()
	if root == nil {
		return c, nil
	}
	d := &decoder{file: file, paths: paths}
	d.config(root, c)
	if err := d.problems.asError(); err != nil {
		return nil, err
	}
	return c, nil
}

// document is the root of the only document in raw, nil if it is empty.
func document(raw []byte) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(raw),
		yaml.WithUniqueKeys(false), // they are told with their places later
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasValue(0))))
	if err != nil {
		return nil, err
	}
	var first, second yaml.Node
	if err := loader.Load(&first); err != nil || len(first.Content) == 0 {
		return nil, unlessEOF(err)
	}
	switch err := loader.Load(&second); {
	case err == nil:
		return nil, fmt.Errorf("a second document follows at line %d; the configuration is one", second.Line)
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return first.Content[0], nil
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// located gives an error of the YAML parser its place.
func located(file string, err error) Problem {
	p := Problem{File: file, Message: redact.Line(err.Error())}
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		p.Line, p.Column, p.Message = e.Mark.Line, e.Mark.Column, text.Clean(e.Message)
		if e.ContextMsg != "" {
			p.Message = text.Clean(e.ContextMsg) + ": " + p.Message
		}
	}
	return p
}
