package usage

import (
	"slices"
	"strings"

	"regatta/model/usage"
)

// cluster collects what the objects of a cluster use. Who owns them is known
// once all have been read.
type cluster struct {
	finds

	owners map[name]name
	named  []pending
}

// name is an object: KIND, namespace and name.
type name struct{ kind, namespace, name string }

func (n name) String() string { return n.namespace + "/" + strings.ToLower(n.kind) + "/" + n.name }

// pending is a use whose place waits for its owners.
type pending struct {
	by              name
	how             usage.How
	running         int
	waiting         int
	kept            bool
	image, resolved string
}

func (c *cluster) object(o object) {
	by := name{o.Kind, o.Metadata.Namespace, o.Metadata.Name}
	for _, w := range o.Metadata.Owners {
		if w.Controller {
			if c.owners == nil {
				c.owners = map[name]name{}
			}
			c.owners[by] = name{w.Kind, o.Metadata.Namespace, w.Name}
		}
	}
	switch {
	case o.finished():
	case o.Kind == "Pod":
		c.pod(by, o)
	default:
		for _, one := range o.podSpec().all() {
			c.named = append(c.named, pending{by: by, how: howOf(o), image: one.Image, kept: one.kept()})
		}
	}
}

// pod notes the images of a pod, and what they turned out to be.
func (c *cluster) pod(by name, o object) {
	states := map[string]ran{}
	for _, s := range o.Status.all() {
		states[s.Name] = s
	}
	for _, one := range o.Spec.all() {
		s := states[one.Name]
		u := pending{by: by, how: usage.Pod, image: one.Image, resolved: s.ImageID, kept: one.kept()}
		if len(s.State.Running) > 0 && string(s.State.Running) != "null" {
			u.running = 1
		} else if slices.Contains(o.Spec.Containers, one) {
			u.waiting = 1
		}
		c.named = append(c.named, u)
		if elsewhere(one.Image, s.ImageID) {
			u.image, u.resolved = pulledAs(s.ImageID), ""
			c.named = append(c.named, u)
		}
	}
}

// pulledAs is an imageID without the scheme of its runtime.
func pulledAs(imageID string) string {
	if _, rest, ok := strings.Cut(imageID, "://"); ok {
		return rest
	}
	return imageID
}

// elsewhere reports whether a runtime reports an image under another name than
// the pod's: it holds the same content under both.
func elsewhere(image, imageID string) bool {
	if !strings.Contains(imageID, "@") {
		return false
	}
	a, ok := parse(image, "")
	b, known := parse(pulledAs(imageID), "")
	return ok && known && a.Name() != b.Name()
}

func howOf(o object) usage.How {
	idle := o.Spec.Replicas != nil && *o.Spec.Replicas == 0
	switch {
	case o.Kind == "CronJob":
		return usage.CronJob
	case idle && o.Kind == "ReplicaSet" && len(o.Metadata.Owners) > 0:
		return usage.Rollback
	case idle:
		return usage.ScaledToZero
	}
	return usage.Workload
}

// settle names what was collected by the workload that a user knows: a pod's
// Deployment, not its ReplicaSet.
func (c *cluster) settle() {
	const generations = 5 // pod, ReplicaSet, Deployment; more are made by operators
	for _, p := range c.named {
		at := p.by
		for range generations {
			next, ok := c.owners[at]
			if !ok {
				break
			}
			at = next
		}
		c.add(usage.Use{
			Place: at.String(), How: p.how, Running: p.running, Waiting: p.waiting, Kept: p.kept,
		}, p.image, p.resolved)
	}
}
