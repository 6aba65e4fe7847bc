package image

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/model/text"
)

// Config is an image's configuration (OCI image-spec, config.md).
type Config struct {
	Created    time.Time
	Author     string
	Platform   Platform
	User       string
	WorkingDir string
	StopSignal string
	Env        []string
	Entrypoint []string
	Cmd        []string
	Ports      []string
	Volumes    []string
	Labels     map[string]string
	History    []History
	DiffIDs    []ref.Digest
	Raw        []byte
}

// History is one step of the image's build. An Empty step made no layer.
type History struct {
	Created   time.Time
	CreatedBy string
	Comment   string
	Empty     bool
}

// ErrConfig is what ParseConfig's errors wrap.
var ErrConfig = errors.New("not an image config")

type wireConfig struct {
	Platform

	Created *looseTime `json:"created"`
	Author  string     `json:"author"`
	Config  struct {
		User         string              `json:"User"`
		WorkingDir   string              `json:"WorkingDir"`
		StopSignal   string              `json:"StopSignal"`
		Env          bounded[string]     `json:"Env"`
		Entrypoint   bounded[string]     `json:"Entrypoint"`
		Cmd          bounded[string]     `json:"Cmd"`
		ExposedPorts map[string]struct{} `json:"ExposedPorts"`
		Volumes      map[string]struct{} `json:"Volumes"`
		Labels       map[string]string   `json:"Labels"`
	} `json:"config"`
	History bounded[wireHistory] `json:"history"`
	RootFS  struct {
		DiffIDs bounded[ref.Digest] `json:"diff_ids"`
	} `json:"rootfs"`
}

type wireHistory struct {
	Created    *looseTime `json:"created"`
	CreatedBy  string     `json:"created_by"`
	Comment    string     `json:"comment"`
	EmptyLayer bool       `json:"empty_layer"`
}

// looseTime takes a time that does not parse as unknown: one bad field must
// not hide an image.
type looseTime time.Time

// UnmarshalJSON implements json.Unmarshaler.
func (t *looseTime) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = looseTime(parseTime(s))
	}
	return nil
}

func (t *looseTime) time() time.Time {
	if t == nil {
		return time.Time{}
	}
	return time.Time(*t)
}

func parseTime(s string) time.Time {
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return v.UTC()
}

// ParseConfig reads an image config.
func ParseConfig(raw []byte) (Config, error) {
	var w wireConfig
	if err := json.Unmarshal(raw, &w); err != nil {
		return Config{}, fmt.Errorf("%w: %s", ErrConfig, redact.Line(err.Error()))
	}
	c := Config{
		Created: w.Created.time(), Author: cleanValue(w.Author), Platform: w.cleaned(),
		User: cleanValue(w.Config.User), WorkingDir: cleanValue(w.Config.WorkingDir),
		StopSignal: cleanValue(w.Config.StopSignal),
		Env:        cleanAll(w.Config.Env), Entrypoint: cleanAll(w.Config.Entrypoint), Cmd: cleanAll(w.Config.Cmd),
		Ports:   cleanAll(slices.Sorted(maps.Keys(w.Config.ExposedPorts))),
		Volumes: cleanAll(slices.Sorted(maps.Keys(w.Config.Volumes))),
		Labels:  cleanMap(w.Config.Labels), Raw: raw,
	}
	for _, h := range w.History {
		c.History = append(c.History, History{
			Created: h.Created.time(), CreatedBy: cleanValue(h.CreatedBy), Comment: cleanValue(h.Comment), Empty: h.EmptyLayer,
		})
	}
	for _, d := range w.RootFS.DiffIDs {
		c.DiffIDs = append(c.DiffIDs, ref.Digest(text.Clean(string(d))))
	}
	return c, nil
}
