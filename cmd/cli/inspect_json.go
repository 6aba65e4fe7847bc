package cli

import (
	"strings"

	"regatta/model/image"
	"regatta/model/ref"
)

type inspectJSON struct {
	Reference    string            `json:"reference"`
	Digest       ref.Digest        `json:"digest"`
	MediaType    *string           `json:"mediaType"`
	Kind         string            `json:"kind"`
	ArtifactType *string           `json:"artifactType"`
	SizeBytes    *int64            `json:"sizeBytes"`
	CreatedAt    *string           `json:"createdAt"`
	Subject      *ref.Digest       `json:"subject"`
	Annotations  map[string]string `json:"annotations"`
	Platforms    []platformJSON    `json:"platforms"`
	ImageDigest  *ref.Digest       `json:"imageDigest"`
	Config       *configJSON       `json:"config"`
	Layers       []layerJSON       `json:"layers"`
	History      []historyJSON     `json:"history"`
	Referrers    []descriptorJSON  `json:"referrers"` // null: the registry would not say
	Children     []childJSON       `json:"children"`
	Findings     *findingsJSON     `json:"findings"` // of imageDigest; null: no scans here, or it is not told
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

func (in inspected) document() inspectJSON {
	doc := inspectJSON{
		Reference: in.Ref.String(), Digest: in.Root.Digest, MediaType: orNull(in.Root.MediaType),
		Kind: kindWord(in.Root.Kind), ArtifactType: orNull(in.Root.ArtifactType),
		Annotations: object(in.Root.Annotations), Platforms: []platformJSON{}, Config: in.configDoc(),
		Layers: []layerJSON{}, History: []historyJSON{}, Children: []childJSON{},
		Findings: findingsDoc(in.Findings),
	}
	if in.Root.Subject != nil {
		doc.Subject = orNull(in.Root.Subject.Digest)
	}
	if in.Leaf != nil {
		doc.ImageDigest = orNull(in.Leaf.Digest)
	}
	if w := in.Whole; w != nil {
		doc.SizeBytes, doc.CreatedAt = sizeOrNull(w.Size), timeOrNull(w.Created)
		doc.Platforms = platformDocs(w.Platforms)
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

func (doc *inspectJSON) addSteps(steps []image.Step) {
	for _, s := range steps {
		if s.Layer.Digest != "" || s.Layer.MediaType != "" {
			doc.Layers = append(doc.Layers, layerJSON{
				Digest: orNull(s.Layer.Digest), MediaType: orNull(s.Layer.MediaType), SizeBytes: s.Layer.Size,
				CreatedBy: orNull(s.CreatedBy),
			})
		}
		if s.History != (image.History{}) {
			doc.History = append(doc.History, historyJSON{
				CreatedAt: timeOrNull(s.Created), CreatedBy: orNull(s.CreatedBy), Comment: orNull(s.Comment), Empty: s.Empty,
			})
		}
	}
}

func (in inspected) configDoc() *configJSON {
	c := in.Config
	if c == nil {
		return nil
	}
	return &configJSON{
		Digest: orNull(in.Leaf.Config.Digest), OS: orNull(c.Platform.OS),
		Architecture: orNull(c.Platform.Architecture), Variant: orNull(c.Platform.Variant),
		OSVersion: orNull(c.Platform.OSVersion), CreatedAt: timeOrNull(c.Created), Author: orNull(c.Author),
		User: orNull(c.User), WorkingDir: orNull(c.WorkingDir), StopSignal: orNull(c.StopSignal),
		Entrypoint: list(c.Entrypoint), Cmd: list(c.Cmd), Env: list(c.Env), Ports: list(c.Ports),
		Volumes: list(c.Volumes), Labels: object(c.Labels),
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
		Digest: orNull(d.Digest), ArtifactType: orNull(d.ArtifactType), MediaType: orNull(d.MediaType),
		SizeBytes: d.Size, Annotations: object(d.Annotations),
	}
}

func childDoc(d image.Descriptor) childJSON {
	c := childJSON{descriptorJSON: descriptorDoc(d)}
	if d.Platform != nil {
		c.OS, c.Architecture, c.Variant = orNull(d.Platform.OS), orNull(d.Platform.Architecture), orNull(d.Platform.Variant)
	}
	return c
}
