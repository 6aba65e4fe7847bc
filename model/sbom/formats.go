package sbom

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// top reads a member of the document itself, or of what wraps it.
func (w *walk) top(name string) error {
	switch name {
	case "predicate": // in-toto, statement
		return w.predicate()
	case "payload":
		return w.envelope()
	case "Data": // cosign before 2.0 wraps what it attests
		return w.data()
	case "spdxVersion", "bomFormat", "specVersion", "schema", "@context":
		return w.version(name)
	case "name", "metadata", "creationInfo", "source", "descriptor":
		return w.about(name)
	case "packages":
		return each(w, func(p spdxPackage) { w.add(p.pkg()) })
	case "components":
		return each(w, w.addComponent)
	case "artifacts":
		return each(w, func(a syftArtifact) { w.add(a.pkg()) })
	case "@graph":
		return each(w, func(n spdx3Node) { w.addNode(n) })
	}
	return w.skip()
}

func (w *walk) predicate() error {
	open, err := w.dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('{') {
		return w.rest(open)
	}
	return w.members(w.top)
}

func (w *walk) data() error {
	var raw json.RawMessage
	if err := w.dec.Decode(&raw); err != nil || w.inside {
		return err
	}
	var quoted string
	if json.Unmarshal(raw, &quoted) == nil {
		return w.nested(strings.NewReader(quoted))
	}
	return w.nested(strings.NewReader(string(raw)))
}

// version notes the format by the member that says it.
func (w *walk) version(name string) error {
	var v any
	if err := w.small(&v); err != nil {
		return err
	}
	s, _ := v.(string)
	switch {
	case name == "spdxVersion":
		w.doc.Format = "SPDX " + clip(strings.TrimPrefix(s, "SPDX-"))
	case name == "bomFormat" && s == "CycloneDX":
		w.doc.Format = strings.TrimSpace(s + " " + w.spec)
	case name == "specVersion" && w.doc.Format == "CycloneDX":
		w.doc.Format += " " + clip(s)
	case name == "specVersion":
		w.spec = clip(s)
	case name == "@context" && strings.Contains(fmt.Sprint(v), "spdx.org/rdf/3"):
		w.doc.Format = "SPDX 3"
	case name == "schema" && strings.Contains(fmt.Sprint(v), "syft"):
		w.doc.Format = "Syft"
	}
	return nil
}

// about reads what the document says of itself.
func (w *walk) about(name string) error {
	if name == "name" {
		s, err := w.word()
		w.doc.Name = clip(s)
		return err
	}
	var m struct {
		Timestamp string                `json:"timestamp"` // CycloneDX
		Created   string                `json:"created"`   // SPDX
		Creators  []string              `json:"creators"`
		Component struct{ Name string } `json:"component"`
		Tools     json.RawMessage       `json:"tools"`
		Name      string                `json:"name"` // Syft
		Version   string                `json:"version"`
	}
	if err := w.small(&m); err != nil {
		return err
	}
	if t, err := time.Parse(time.RFC3339, m.Timestamp+m.Created); err == nil {
		w.doc.Created = t
	}
	for _, c := range m.Creators {
		if tool, ok := strings.CutPrefix(c, "Tool: "); ok {
			w.doc.Tool = clip(tool)
		}
	}
	switch {
	case name == "descriptor":
		w.doc.Tool = clip(strings.TrimSpace(m.Name + " " + m.Version))
	case name == "source":
		w.doc.Name = clip(m.Name)
	case m.Component.Name != "":
		w.doc.Name = clip(m.Component.Name)
	}
	if tool := toolOf(m.Tools); tool != "" {
		w.doc.Tool = clip(tool)
	}
	return nil
}

// toolOf is the first tool that a CycloneDX document names: a list up to 1.4,
// an object with components since.
func toolOf(raw json.RawMessage) string {
	type tool struct{ Name, Version string }
	var all []tool
	if json.Unmarshal(raw, &all) != nil {
		var since struct{ Components []tool }
		_ = json.Unmarshal(raw, &since) // of another shape: no tool is named
		all = since.Components
	}
	if len(all) == 0 {
		return ""
	}
	return strings.TrimSpace(all[0].Name + " " + all[0].Version)
}
