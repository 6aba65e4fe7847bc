package contents

import (
	"strings"

	"regatta/cmd/cli/browse"
	"regatta/cmd/cli/output/null"

	"regatta/cmd/cli/output"
	"regatta/model/image"
	"regatta/model/ref"
)

// InspectJSON is the document of inspect.
type InspectJSON struct {
	Reference    string                `json:"reference"`
	Digest       ref.Digest            `json:"digest"`
	MediaType    *string               `json:"mediaType"`
	Kind         string                `json:"kind"`
	ArtifactType *string               `json:"artifactType"`
	SizeBytes    *int64                `json:"sizeBytes"`
	CreatedAt    *string               `json:"createdAt"`
	Subject      *ref.Digest           `json:"subject"`
	Annotations  map[string]string     `json:"annotations"`
	Platforms    []browse.PlatformJSON `json:"platforms"`
	ImageDigest  *ref.Digest           `json:"imageDigest"`
	Config       *configJSON           `json:"config"`
	Layers       []layerJSON           `json:"layers"`
	History      []historyJSON         `json:"history"`
	Referrers    []descriptorJSON      `json:"referrers"` // null: the registry would not say
	Children     []childJSON           `json:"children"`
	Findings     *findingsJSON         `json:"findings"` // of imageDigest; null: no scans here, or it is not told
}

type configJSON struct {
	Digest       *ref.Digest       `json:"digest"`
	OS           *string           `json:"os"`
	Architecture *string           `json:"architecture"`
	Variant      *string           `json:"variant"`
	OSVersion    *string           `json:"osVersion"`
	CreatedAt    *string           `json:"createdAt"`
	Author       *string           `json:"author"`
	User         *string           `json:"user"`
	WorkingDir   *string           `json:"workingDir"`
	StopSignal   *string           `json:"stopSignal"`
	Entrypoint   []string          `json:"entrypoint"`
	Cmd          []string          `json:"cmd"`
	Env          []string          `json:"env"`
	Ports        []string          `json:"ports"`
	Volumes      []string          `json:"volumes"`
	Labels       map[string]string `json:"labels"`
}

type layerJSON struct {
	Digest    *ref.Digest `json:"digest"`
	MediaType *string     `json:"mediaType"`
	SizeBytes int64       `json:"sizeBytes"`
	CreatedBy *string     `json:"createdBy"`
}

type historyJSON struct {
	CreatedAt *string `json:"createdAt"`
	CreatedBy *string `json:"createdBy"`
	Comment   *string `json:"comment"`
	Empty     bool    `json:"empty"`
}

type descriptorJSON struct {
	Digest       *ref.Digest       `json:"digest"`
	ArtifactType *string           `json:"artifactType"`
	MediaType    *string           `json:"mediaType"`
	SizeBytes    int64             `json:"sizeBytes"`
	Annotations  map[string]string `json:"annotations"`
}

type childJSON struct {
	descriptorJSON

	OS           *string `json:"os"`
	Architecture *string `json:"architecture"`
	Variant      *string `json:"variant"`
}

// Document is the image in JSON.
func (in Inspected) Document() InspectJSON {
	doc := InspectJSON{
		Reference: in.Ref.String(), Digest: in.Root.Digest, MediaType: null.Of(in.Root.MediaType),
		Kind: kindWord(in.Root.Kind), ArtifactType: null.Of(in.Root.ArtifactType),
		Annotations: output.Object(in.Root.Annotations), Platforms: []browse.PlatformJSON{}, Config: in.configDoc(),
		Layers: []layerJSON{}, History: []historyJSON{}, Children: []childJSON{},
		Findings: findingsDoc(in.Findings),
	}
	if in.Root.Subject != nil {
		doc.Subject = null.Of(in.Root.Subject.Digest)
	}
	if in.Leaf != nil {
		doc.ImageDigest = null.Of(in.Leaf.Digest)
	}
	if w := in.Whole; w != nil {
		doc.SizeBytes, doc.CreatedAt = null.Size(w.Size), null.Time(w.Created)
		doc.Platforms = browse.PlatformDocs(w.Platforms)
	}
	doc.addSteps(in.Steps())
	if in.RefsRead {
		doc.Referrers = descriptorDocs(in.Referrers)
	}
	for _, d := range in.Root.Children {
		doc.Children = append(doc.Children, childDoc(d))
	}
	return doc
}

func kindWord(k image.Kind) string { return strings.ReplaceAll(k.String(), " ", "") }

func (doc *InspectJSON) addSteps(steps []image.Step) {
	for _, s := range steps {
		if s.Layer.Digest != "" || s.Layer.MediaType != "" {
			doc.Layers = append(doc.Layers, layerJSON{
				Digest: null.Of(s.Layer.Digest), MediaType: null.Of(s.Layer.MediaType), SizeBytes: s.Layer.Size,
				CreatedBy: null.Of(s.CreatedBy),
			})
		}
		if s.History != (image.History{}) {
			doc.History = append(doc.History, historyJSON{
				CreatedAt: null.Time(s.Created), CreatedBy: null.Of(s.CreatedBy), Comment: null.Of(s.Comment), Empty: s.Empty,
			})
		}
	}
}

func (in Inspected) configDoc() *configJSON {
	c := in.Config
	if c == nil {
		return nil
	}
	return &configJSON{
		Digest: null.Of(in.Leaf.Config.Digest), OS: null.Of(c.Platform.OS),
		Architecture: null.Of(c.Platform.Architecture), Variant: null.Of(c.Platform.Variant),
		OSVersion: null.Of(c.Platform.OSVersion), CreatedAt: null.Time(c.Created), Author: null.Of(c.Author),
		User: null.Of(c.User), WorkingDir: null.Of(c.WorkingDir), StopSignal: null.Of(c.StopSignal),
		Entrypoint: output.List(c.Entrypoint), Cmd: output.List(c.Cmd), Env: output.List(c.Env), Ports: output.List(c.Ports),
		Volumes: output.List(c.Volumes), Labels: output.Object(c.Labels),
	}
}

func descriptorDocs(in []image.Descriptor) []descriptorJSON {
	out := []descriptorJSON{}
	for _, d := range in {
		out = append(out, descriptorDoc(d))
	}
	return out
}

func descriptorDoc(d image.Descriptor) descriptorJSON {
	return descriptorJSON{
		Digest: null.Of(d.Digest), ArtifactType: null.Of(d.ArtifactType), MediaType: null.Of(d.MediaType),
		SizeBytes: d.Size, Annotations: output.Object(d.Annotations),
	}
}

func childDoc(d image.Descriptor) childJSON {
	c := childJSON{descriptorJSON: descriptorDoc(d)}
	if d.Platform != nil {
		p := d.Platform
		c.OS, c.Architecture, c.Variant = null.Of(p.OS), null.Of(p.Architecture), null.Of(p.Variant)
	}
	return c
}
