package plan

import (
	"slices"

	"regatta/model/image"
)

// put is a manifest to push again, or why it cannot be.
type put struct {
	manifest image.Manifest
	obstacle string
	judged   bool
}

// restore pushes again what the run deleted, and what tags pointed to and has
// vanished since.
func (u *undoing) restore() {
	for _, at := range sortedPlaces(u.did.removed) {
		u.want(at)
	}
	before := u.did.tagsBefore()
	for _, at := range sortedPlaces(u.did.removed) {
		if why := u.obstacle(at); why != "" {
			u.lose(at.Digest, before[at], why)
		} else if u.gaps[at] != "" {
			u.short(at, before[at], ": the manifest goes back, if the registry takes it without, and cannot be pulled",
				": registries may refuse to take it back")
		}
	}
	for _, at := range sortedKeys(before) {
		if gap := u.tagged(at); gap != "" && !u.did.removed[at] { // else it is named already
			u.short(at, before[at], ": it cannot be pulled any more; a tag that has left it stays where it is",
				": registries may refuse to set a tag on it")
		}
	}
	u.arrangePuts()
}

// want notes that a manifest has to be pushed.
func (u *undoing) want(at Place) {
	if u.puts[at] != nil {
		return
	}
	p := &put{}
	u.puts[at] = p
	p.manifest, p.obstacle = u.kept.recall(at.Digest)
}

// obstacle is why a manifest cannot be had in its repository, empty where it
// can: it is there, or can be pushed again.
func (u *undoing) obstacle(at Place) string {
	p := u.puts[at]
	if p == nil {
		a := Ask{Place: at}
		// Pushing what may be there does no harm: then the step leaves it alone.
		if !u.absent(a) && (!u.ran.Unknown[a] || !u.has(at.Digest)) {
			return ""
		}
		u.want(at)
		p = u.puts[at]
	}
	if !p.judged {
		p.judged = true // digests make no circles; made-up ones end here
		if p.obstacle == "" {
			u.judge(at, p.manifest)
		}
	}
	return p.obstacle
}

// arrangePuts makes the steps: children before their index, as registries
// refuse an index whose children are not there, and subjects before what
// refers to them.
func (u *undoing) arrangePuts() {
	var all []Place
	for at, p := range u.puts {
		if p.obstacle == "" {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, comparePlaces)
	order, after := u.inOrder(all)
	base := u.bringBlobs(append(u.bare, all...))
	for pos, i := range order {
		waits := u.broughtFor(all[i])
		for _, w := range after[pos] {
			waits = append(waits, base+w)
		}
		u.at[all[i]] = base + pos
		u.plan.Steps = append(u.plan.Steps, u.putStep(all[i], waits))
	}
}

// inOrder is an order to put manifests in, and what each waits for.
func (u *undoing) inOrder(all []Place) (order []int, after [][]int) {
	number := make(map[Place]int, len(all))
	for i, at := range all {
		number[at] = i
	}
	hard, soft := make([][]int, len(all)), make([][]int, len(all))
	for i, at := range all {
		m := u.puts[at].manifest
		for _, c := range m.Children {
			if from, ok := number[Place{Repository: at.Repository, Digest: c.Digest}]; ok && from != i {
				hard[from] = append(hard[from], i)
			}
		}
		if m.Subject == nil {
			continue
		}
		if from, ok := number[Place{Repository: at.Repository, Digest: m.Subject.Digest}]; ok && from != i {
			soft[from] = append(soft[from], i)
		}
	}
	return arrange(len(all), hard, soft)
}

func (u *undoing) putStep(at Place, after []int) Step {
	m := u.puts[at].manifest
	reason := "puts back the manifest that was deleted"
	switch {
	case u.did.removed[at]:
	case u.ran.Unknown[Ask{Place: at}]:
		reason = "puts back the manifest, if it has vanished since"
	default:
		reason = "puts back the manifest, which has vanished since"
	}
	return settled(Step{
		Kind: Put, Reference: u.view(at.Repository).digest(at.Digest), Digest: at.Digest,
		Manifest: &Manifest{MediaType: m.MediaType, Raw: m.Raw}, Reason: reason, After: after, Unchecked: u.gaps[at] != "",
	})
}
