package contents

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/reading"
	"regatta/cmd/cli/verb"
	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/storage"
	"regatta/model/text"
)

type storageOptions struct {
	targets []string
	layer   string
	layers  bool
	yes     bool
	output  output.Format
}

// Storage is the verb storage.
func Storage(a *verb.Program) *cobra.Command {
	var o storageOptions
	cmd := &cobra.Command{
		Use:   "storage HOST/REPOSITORY...",
		Short: "Show who holds which bytes: of each image what it holds alone and what it shares",
		Args:  verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.targets = args
			return a.WithSession(func(s *app.App) error { return runStorage(cmd.Context(), a, s, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.layers, "layers", false, "list layers and configs, and the images that they are in")
	cmd.Flags().StringVar(&o.layer, "layer", "", "list the images that a layer of this `DIGEST` is in")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "read the images also where that counts as pulling many of them")
	return cmd
}

func runStorage(ctx context.Context, a *verb.Program, s *app.App, o storageOptions) error {
	if o.layer != "" {
		if _, err := ref.ParseDigest(o.layer); err != nil {
			return app.Mistake(err)
		}
	}
	doc := storageJSON{Repositories: []repositoryBytesJSON{}}
	var graphs []*graph.Graph
	var failed output.Failures
	for _, arg := range o.targets {
		r, err := verb.RepositoryNamed(s, arg)
		if err != nil {
			return err
		}
		of, err := reading.Health(ctx, s, a.Streams, r, o.yes)
		if err != nil {
			return err
		}
		p := storage.Draw(of.Graph)
		for _, gap := range p.Gaps {
			name, why, _ := strings.Cut(gap, ": ")
			failed.Add(r.Name()+" "+name, &gapError{why})
		}
		graphs = append(graphs, of.Graph)
		doc.add(r, p, o)
	}
	doc.overlap(graphs)
	if err := a.Streams.Print(o.output, output.Result{JSON: doc, Text: doc.writer(o)}); err != nil {
		return err
	}
	return failed.Report(a.Streams.Err, "read", "manifests", len(failed.List)+1)
}

// gapError is why a manifest was not read, as the graph has it.
type gapError struct{ reason string }

// Error implements error.
func (e *gapError) Error() string { return e.reason }

type storageJSON struct {
	Repositories  []repositoryBytesJSON `json:"repositories"`
	TogetherBytes int64                 `json:"togetherBytes"` // configs and layers of all of them, each once
}

type repositoryBytesJSON struct {
	Repository    string           `json:"repository"`
	StoredBytes   int64            `json:"storedBytes"`
	UnsharedBytes int64            `json:"unsharedBytes"` // if every image had copies of its own
	OwnBytes      int64            `json:"ownBytes"`      // configs and layers that no other of the repositories has
	Images        []imageBytesJSON `json:"images"`
	Layers        []layerUseJSON   `json:"layers"`
	Unread        []string         `json:"unread"`
}

type imageBytesJSON struct {
	Digest      ref.Digest `json:"digest"`
	Tags        []string   `json:"tags"`
	Kind        string     `json:"kind"`
	Manifests   int        `json:"manifests"`
	OwnBytes    int64      `json:"ownBytes"`
	SharedBytes int64      `json:"sharedBytes"`
	TotalBytes  int64      `json:"totalBytes"`
}

type layerUseJSON struct {
	Digest    ref.Digest   `json:"digest"`
	SizeBytes int64        `json:"sizeBytes"`
	Foreign   bool         `json:"foreign"`
	Images    []ref.Digest `json:"images"`
}

func (doc *storageJSON) add(r ref.Reference, p storage.Picture, o storageOptions) {
	out := repositoryBytesJSON{
		Repository: r.Name(), StoredBytes: p.Stored, UnsharedBytes: p.Alone, Images: []imageBytesJSON{},
		Layers: []layerUseJSON{}, Unread: output.List(p.Gaps),
	}
	in := map[ref.Digest]bool{}
	for _, l := range p.Layers {
		if o.layer != "" && string(l.Digest) != o.layer {
			continue
		}
		out.Layers = append(out.Layers, layerUseJSON{l.Digest, l.Size, l.Foreign, output.List(l.Images)})
		for _, d := range l.Images {
			in[d] = true
		}
	}
	for _, h := range p.Holdings {
		if o.layer == "" || in[h.Digest] {
			out.Images = append(out.Images, imageBytesJSON{
				h.Digest, output.List(h.Tags), kindWord(h.Kind), h.Parts, h.Own, h.Shared(), h.Total,
			})
		}
	}
	doc.Repositories = append(doc.Repositories, out)
}

// overlap says what each repository has that the others do not.
func (doc *storageJSON) overlap(graphs []*graph.Graph) {
	shares, together := storage.Overlap(graphs)
	for i := range doc.Repositories {
		doc.Repositories[i].OwnBytes = shares[i].Own
	}
	doc.TogetherBytes = together
}

func (doc *storageJSON) writer(o storageOptions) func(io.Writer) {
	return func(w io.Writer) {
		for i, r := range doc.Repositories {
			s := &output.Sheet{Out: w, Begun: i > 0}
			s.Section(r.Repository + ": " + text.Bytes(r.StoredBytes) + " stored, " + text.Bytes(r.UnsharedBytes) +
				" if nothing were shared")
			if o.layers {
				r.writeLayers(w)
			} else {
				r.writeImages(w)
			}
		}
		if len(doc.Repositories) > 1 {
			g := output.Grid{Header: []string{"\nREPOSITORY", "LAYERS", "OWN"}}
			for _, r := range doc.Repositories {
				g.Add(r.Repository, text.Bytes(r.StoredBytes), text.Bytes(r.OwnBytes))
			}
			g.Add("all of them, each layer once", text.Bytes(doc.TogetherBytes), "")
			g.Write(w)
		}
	}
}

func (r repositoryBytesJSON) writeImages(w io.Writer) {
	g := output.Grid{Header: []string{"IMAGE", "OWN", "SHARED", "TOTAL", "DIGEST"}}
	for _, h := range r.Images {
		g.Add(strings.Join(h.Tags, ", "), text.Bytes(h.OwnBytes), text.Bytes(h.SharedBytes), text.Bytes(h.TotalBytes),
			h.Digest.Short())
	}
	g.Write(w)
}

func (r repositoryBytesJSON) writeLayers(w io.Writer) {
	names := map[ref.Digest]string{}
	for _, h := range r.Images {
		names[h.Digest] = h.Digest.Short()
		if len(h.Tags) > 0 {
			names[h.Digest] = h.Tags[0]
		}
	}
	g := output.Grid{Header: []string{"SIZE", "IMAGES", "DIGEST", "IN"}}
	for _, l := range r.Layers {
		var in []string
		for _, d := range l.Images {
			in = append(in, names[d])
		}
		g.Add(text.Bytes(l.SizeBytes), text.Count(len(l.Images)), l.Digest.Short(), strings.Join(in, ", "))
	}
	g.Write(w)
}
