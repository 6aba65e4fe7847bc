package plan

import (
	"regatta/model/image"
)

// source is where a blob is brought from that its repository lacks: the archive, or
// another repository.
type source struct {
	repository string // empty: the archive
	size       int64
}

// blobGap is what is wrong with a blob of a manifest, empty where it is there, or can be
// brought. It is certain where nobody has the blob who was asked.
func (u *undoing) blobGap(at Place, d image.Descriptor) (gap string, certain bool) {
	a := Ask{Place: at, Blob: true, Size: d.Size}
	absent, unknown := u.absent(a), u.ran.Unknown[a]
	size, kept := u.ran.Archive[d.Digest]
	switch {
	case !absent && !unknown:
		return "", false
	case kept:
		u.blobs[at] = source{size: size} // a blob that is there is left alone
		return "", false
	case unknown:
		return "the registry was not asked whether it still has its blob " + d.Digest.Short(), false
	case u.can.SharesBlobs == No:
		return "the repository no longer has its blob " + d.Digest.Short(), true
	}
	gap = u.elsewhereGap(at, d)
	return gap, gap != ""
}

// elsewhereGap is blobGap of a blob that its repository lacks: another one may have it.
func (u *undoing) elsewhereGap(at Place, d image.Descriptor) string {
	from, known := u.ran.Sources[d.Digest]
	switch {
	case from != "":
		u.blobs[at] = source{repository: from, size: d.Size}
		return ""
	case known:
		return "the registry no longer has its blob " + d.Digest.Short()
	}
	u.ask(Ask{Place: at, Blob: true, Size: d.Size, Elsewhere: true})
	return "the repository no longer has its blob " + d.Digest.Short() + ", and it is not known whether another one does"
}

// bringBlobs makes the steps that bring what repositories lack of manifests, and returns
// how many there are.
func (u *undoing) bringBlobs(manifests []Place) int {
	for _, at := range manifests {
		for _, d := range u.manifest(at).Blobs() {
			blob := Place{Repository: at.Repository, Digest: d.Digest}
			from, ok := u.blobs[blob]
			if _, planned := u.at[blob]; !ok || planned {
				continue
			}
			u.at[blob] = len(u.plan.Steps)
			u.plan.Steps = append(u.plan.Steps, u.bringStep(blob, from))
		}
	}
	return len(u.plan.Steps)
}

func (u *undoing) bringStep(blob Place, from source) Step {
	s := Step{
		Kind: CopyBlob, Reference: u.view(blob.Repository).digest(blob.Digest), Digest: blob.Digest, Size: from.size,
		Reason: "brings it back from the archive",
	}
	if from.repository == "" {
		u.plan.Local = u.ran.Plan.Local
		return s
	}
	s.From = u.view(from.repository).digest(blob.Digest)
	s.Reason = "brings it from " + from.repository + ", which has it"
	return s
}

// broughtFor are the steps that bring blobs of a manifest.
func (u *undoing) broughtFor(at Place) []int {
	var out []int
	for _, d := range u.manifest(at).Blobs() {
		if step, ok := u.at[Place{Repository: at.Repository, Digest: d.Digest}]; ok {
			out = append(out, step)
		}
	}
	return out
}

// manifest is one that goes back, or that a tag goes back to.
func (u *undoing) manifest(at Place) image.Manifest {
	if p := u.puts[at]; p != nil {
		return p.manifest
	}
	m, _ := u.kept.recall(at.Digest)
	return m
}
