package company

import (
	"strings"
	"testing"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// The history has each of the odd things that a client must cope with.
func TestHistoryHasItAll(t *testing.T) {
	t.Parallel()
	s := founded()
	found := map[string]int{}
	for _, name := range s.Names() {
		repo := repository(t, s, name)
		for _, tag := range repo.Tags() {
			if strings.HasSuffix(tag.Name, ".sig") {
				found["cosign tag"]++
			}
		}
		for _, m := range repo.Manifests() {
			found[m.MediaType]++
			noteManifest(found, m)
		}
	}
	for _, wanted := range []string{
		"cosign tag", "referrer", "attestation", "nested index", "windows", "arm/v7", "never pulled",
		"artifact " + oci.MediaSPDX, "artifact " + oci.MediaCycloneDX, "artifact " + oci.MediaCosign,
		"artifact " + oci.MediaHelmConfig, oci.MediaSchema1, oci.MediaDocker, oci.MediaDockerList, oci.MediaIndex,
	} {
		if found[wanted] == 0 {
			t.Errorf("no %s", wanted)
		}
	}
	if found[oci.MediaSchema1] != 1 || found["windows"] != 1 || found["nested index"] != 2 {
		t.Errorf("found %v", found)
	}
}

func noteManifest(found map[string]int, m store.Manifest) {
	found["artifact "+m.Fields.Kind()]++
	if m.Fields.Subject != nil {
		found["referrer"]++
	}
	if m.PulledAt.IsZero() {
		found["never pulled"]++
	}
	for _, child := range m.Fields.Manifests {
		switch {
		case oci.IsIndex(child.MediaType):
			found["nested index"]++
		case child.Annotations["vnd.docker.reference.type"] == "attestation-manifest":
			found["attestation"]++
		case child.Platform.OS == "windows":
			found["windows"]++
		case child.Platform.Variant == "v7":
			found["arm/v7"]++
		}
	}
}

// Some images lost their tag, and some children their index.
func TestUntaggedLeftovers(t *testing.T) {
	t.Parallel()
	s := founded()
	var lost, children int
	for _, name := range s.Names() {
		l, c := leftovers(repository(t, s, name))
		lost, children = lost+l, children+c
	}
	if lost < 20 || children < 10 {
		t.Errorf("%d untagged images and indexes, %d children of deleted indexes", lost, children)
	}
}

// leftovers counts what neither a tag nor an index nor a subject holds, and
// the images of one platform among it, whose index is gone.
func leftovers(repo *store.Repository) (all, children int) {
	held := map[string]bool{}
	for _, tag := range repo.Tags() {
		held[tag.Digest] = true
	}
	for _, m := range repo.Manifests() {
		for _, child := range m.Fields.Manifests {
			held[child.Digest] = true
		}
	}
	for _, m := range repo.Manifests() {
		if held[m.Digest] || m.Fields.Subject != nil {
			continue
		}
		all++
		if !oci.IsIndex(m.MediaType) && !strings.HasPrefix(repo.Name, "data/") {
			children++
		}
	}
	return all, children
}
