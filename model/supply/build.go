package supply

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Build is where a provenance statement says that an image comes from. All of it
// is as claimed.
type Build struct {
	Format    string // "SLSA provenance v0.2"
	Type      string // of build, a URI
	Builder   string
	Source    string // repository of the source
	Commit    string
	Entry     string // what was built there: a Dockerfile, a workflow
	Run       string // the builder's name for this run
	Started   time.Time
	Finished  time.Time
	Args      map[string]string // of the build, by name
	Materials []Material
}

// Material is something that went into a build.
type Material struct {
	URI    string
	Digest string // ALGORITHM:HEX, "" if it is not given
}

// What is kept of a statement at most.
const (
	maxText      = 500
	maxMaterials = 5000
	maxArgs      = 500
)

// materials are those of both versions of the format.
type materials []struct {
	URI    string            `json:"uri"`
	Digest map[string]string `json:"digest"`
}

// source names what was built.
type source struct {
	URI    string            `json:"uri"`
	Digest map[string]string `json:"digest"`
	Path   string            `json:"path"`
	Entry  string            `json:"entryPoint"`
}

// vcs is what BuildKit knows of the source (moby/buildkit,
// docs/attestations/slsa-definitions.md).
type vcs struct {
	VCS struct {
		Source   string `json:"source"`
		Revision string `json:"revision"`
	} `json:"vcs"`
}

type parameters struct {
	Args map[string]string `json:"args"`
}

// ParseBuild reads SLSA provenance, v0.1 to v1 (slsa.dev, provenance).
func ParseBuild(raw []byte) (Build, error) {
	st, err := ParseStatement(raw)
	if err != nil {
		return Build{}, err
	}
	version, ok := strings.CutPrefix(st.PredicateType, "https://slsa.dev/provenance/")
	if !ok {
		return Build{}, fmt.Errorf("%w of SLSA provenance: it is of %s", ErrStatement, st.PredicateType)
	}
	b := Build{Args: map[string]string{}}
	if strings.HasPrefix(version, "v0.") {
		err = b.readV0(st.Predicate)
	} else {
		err = b.readV1(st.Predicate)
	}
	if err != nil {
		return Build{}, fmt.Errorf("%w: %w", ErrStatement, err)
	}
	b.Format = "SLSA provenance " + version
	b.tidy()
	return b, nil
}

func (b *Build) readV0(raw []byte) error {
	var p struct {
		Builder struct {
			ID string `json:"id"`
		} `json:"builder"`
		Type       string `json:"buildType"`
		Invocation struct {
			Source     source     `json:"configSource"`
			Parameters parameters `json:"parameters"`
		} `json:"invocation"`
		Materials materials `json:"materials"`
		Metadata  struct {
			Run      string    `json:"buildInvocationID"`
			Run2     string    `json:"buildInvocationId"`
			Started  looseTime `json:"buildStartedOn"`
			Finished looseTime `json:"buildFinishedOn"`
			BuildKit vcs       `json:"https://mobyproject.org/buildkit@v1#metadata"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	b.Builder, b.Type = p.Builder.ID, p.Type
	b.Run = p.Metadata.Run + p.Metadata.Run2
	b.Started, b.Finished = p.Metadata.Started.Time, p.Metadata.Finished.Time
	b.from(p.Invocation.Source, p.Metadata.BuildKit)
	b.take(p.Invocation.Parameters.Args, p.Materials)
	return nil
}

func (b *Build) readV1(raw []byte) error {
	var p struct {
		Definition struct {
			Type     string `json:"buildType"`
			External struct {
				Source   source     `json:"configSource"`
				Request  parameters `json:"request"`
				Workflow struct {
					Repository string `json:"repository"`
					Path       string `json:"path"`
				} `json:"workflow"`
			} `json:"externalParameters"`
			Dependencies materials `json:"resolvedDependencies"`
		} `json:"buildDefinition"`
		Run struct {
			Builder struct {
				ID string `json:"id"`
			} `json:"builder"`
			Metadata struct {
				ID       string    `json:"invocationId"`
				Started  looseTime `json:"startedOn"`
				Finished looseTime `json:"finishedOn"`
				BuildKit vcs       `json:"buildkit_metadata"`
			} `json:"metadata"`
		} `json:"runDetails"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	d, m := p.Definition, p.Run.Metadata
	b.Builder, b.Type, b.Run, b.Started, b.Finished = p.Run.Builder.ID, d.Type, m.ID, m.Started.Time, m.Finished.Time
	b.from(d.External.Source, m.BuildKit)
	if w := d.External.Workflow; w.Repository != "" {
		b.Source, b.Entry = w.Repository, w.Path
	}
	b.take(d.External.Request.Args, d.Dependencies)
	return nil
}

// from notes the source: what BuildKit knows of a checkout counts more than the
// context that it was given.
func (b *Build) from(s source, k vcs) {
	b.Source, b.Entry = s.URI, s.Entry+s.Path
	b.Commit = s.Digest["sha1"] + s.Digest["gitCommit"]
	if k.VCS.Source != "" {
		b.Source = k.VCS.Source
	}
	if k.VCS.Revision != "" {
		b.Commit = k.VCS.Revision
	}
}

func (b *Build) take(args map[string]string, all materials) {
	for name, value := range args {
		if len(b.Args) < maxArgs {
			b.Args[clip(strings.TrimPrefix(name, "build-arg:"))] = clip(value)
		}
	}
	for _, m := range all {
		if len(b.Materials) == maxMaterials {
			break
		}
		out := Material{URI: clip(m.URI)}
		for _, algorithm := range []string{"sha256", "sha1", "gitCommit", "sha512"} {
			if sum := m.Digest[algorithm]; sum != "" && out.Digest == "" {
				out.Digest = clip(algorithm + ":" + sum)
			}
		}
		b.Materials = append(b.Materials, out)
	}
}

// tidy makes foreign text safe, and finds the commit among the materials where
// it stands nowhere else.
func (b *Build) tidy() {
	uri, _, _ := strings.Cut(b.Source, "#")
	uri = strings.TrimPrefix(uri, "git+")
	for _, m := range b.Materials {
		of, _, _ := strings.Cut(m.URI, "#")
		of, _, _ = strings.Cut(of, "@refs/")
		_, sum, ok := strings.Cut(m.Digest, ":")
		if ok && b.Commit == "" && uri != "" && strings.HasSuffix(of, uri) {
			b.Commit = sum
		}
	}
	for _, s := range []*string{&b.Type, &b.Builder, &b.Source, &b.Commit, &b.Entry, &b.Run} {
		*s = clip(*s)
	}
}
