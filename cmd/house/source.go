package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// source is what was measured.
type source struct {
	code, tests   int            // lines
	packages      map[string]int // lines of code, by directory
	files         map[string]int // lines of code, by path
	inside        map[string]int // files of code, by directory
	imports       map[string]map[string]bool
	fileLines     []int
	functionLines []int
	functions     map[string]int // lines, by path and name
	undocumented  int
}

// survey measures all Go files under root.
func survey(root string) (*source, error) {
	s := &source{
		packages: map[string]int{}, files: map[string]int{}, inside: map[string]int{}, functions: map[string]int{},
		imports: map[string]map[string]bool{},
	}
	//nolint:gosec // whoever runs it names the tree
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "bin"):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		at, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(name) //nolint:gosec // it is the source
		if err != nil {
			return err
		}
		return s.add(filepath.ToSlash(at), raw)
	})
	return s, err
}

func (s *source) add(at string, raw []byte) error {
	lines := bytes.Count(raw, []byte("\n"))
	if strings.HasSuffix(at, "_test.go") {
		s.tests += lines
		return nil
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, at, raw, parser.ParseComments)
	if err != nil {
		return err
	}
	dir := path.Dir(at)
	s.code += lines
	s.packages[dir] += lines
	s.files[at] = lines
	s.inside[dir]++
	s.fileLines = append(s.fileLines, lines)
	for _, i := range f.Imports {
		if s.imports[dir] == nil {
			s.imports[dir] = map[string]bool{}
		}
		s.imports[dir][i.Path.Value] = true
	}
	for _, d := range f.Decls {
		s.declare(set, at, d)
	}
	return nil
}

// declare measures a declaration.
func (s *source) declare(set *token.FileSet, at string, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		lines := set.Position(d.End()).Line - set.Position(d.Pos()).Line + 1
		s.functionLines = append(s.functionLines, lines)
		s.functions[at+" "+d.Name.Name] = lines
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			s.undocumented++
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok && t.Name.IsExported() && d.Doc == nil && t.Doc == nil {
				s.undocumented++
			}
		}
	}
}

// exportedReceiver reports whether a function can be seen from outside its package.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	t := d.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if g, ok := t.(*ast.IndexExpr); ok {
		t = g.X
	}
	name, ok := t.(*ast.Ident)
	return ok && name.IsExported()
}

func (s *source) largestPackage() (percent float64, name string) {
	name, lines := most(s.packages)
	return 100 * float64(lines) / float64(max(1, s.code)), name
}

func (s *source) largestImporter() (name string, imports int) {
	counts := map[string]int{}
	for dir, all := range s.imports {
		counts[dir] = len(all)
	}
	return most(counts)
}

func (s *source) longestFile() (name string, lines int)     { return most(s.files) }
func (s *source) longestFunction() (name string, lines int) { return most(s.functions) }
func (s *source) filesIn(dir string) int                    { return s.inside[dir] }

func most(all map[string]int) (name string, n int) {
	for k, v := range all {
		if v > n || v == n && k < name {
			name, n = k, v
		}
	}
	return name, n
}

func median(all []int) int {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
