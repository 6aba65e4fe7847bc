package company

import (
	_ "embed" // the table
	"fmt"
	"strconv"
	"strings"

	"regatta/registry/sandbox/internal/layer"
)

//go:generate go test -run TestTable -update .
//go:generate go test -run TestSeed -update .

//go:embed layers.tsv
var layersTSV string

// parseTable reads lines of key, sizes, CRC and digests. It panics on a
// broken table, which is part of the program.
func parseTable(text string) map[string]layer.Sums {
	sums := make(map[string]layer.Sums, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) != 6 {
			panic("company: table of layers: " + line)
		}
		sums[fields[0]] = layer.Sums{
			Size: number(fields[1], 10), TarSize: number(fields[2], 10), CRC: uint32(number(fields[3], 16)), //nolint:gosec,lll // 32 bits were written
			Digest: "sha256:" + fields[4], DiffID: "sha256:" + fields[5],
		}
	}
	return sums
}

func number(text string, base int) int64 {
	n, err := strconv.ParseInt(text, base, 64)
	if err != nil {
		panic("company: table of layers: " + err.Error())
	}
	return n
}

func formatTable(keys []string, sums map[string]layer.Sums) string {
	var b strings.Builder
	for _, key := range keys {
		s := sums[key]
		fmt.Fprintf(&b, "%s\t%d\t%d\t%08x\t%s\t%s\n", key, s.Size, s.TarSize, s.CRC,
			strings.TrimPrefix(s.Digest, "sha256:"), strings.TrimPrefix(s.DiffID, "sha256:"))
	}
	return b.String()
}

// layers lists every layer of the company once, by key.
func layers() map[string]layer.Spec {
	all := map[string]layer.Spec{}
	for _, p := range projects() {
		if p.special != nil {
			continue
		}
		for _, b := range p.cadence(p).builds {
			for _, platform := range p.targets(b) {
				for _, s := range p.recipe(p, b, archOf(platform)).steps {
					if s.layer != nil {
						all[s.layer.Key()] = *s.layer
					}
				}
			}
		}
	}
	for _, spec := range specialLayers() {
		all[spec.Key()] = spec
	}
	return all
}
