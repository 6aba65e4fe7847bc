package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"regatta/model/ref"
	"regatta/model/text"
)

// Verdict is whether a service has come to run an image.
type Verdict string

// The verdicts.
const (
	Going   Verdict = "going"   // it is on the way
	Settled Verdict = "settled" // it runs the image, and nothing else
	Broken  Verdict = "failed"  // it will not come to run it by itself
)

// Wanted is what a service is meant to come to. Digests are the image and its
// parts, of which a task may report any; ID is the deployment that was started
// for it, empty where that is not known.
type Wanted struct {
	ID      string
	Digests []ref.Digest
}

// Judge says how a service stands to what it is meant to run, in a sentence.
func Judge(s State, w Wanted) (Verdict, string) {
	now, ok := s.Primary()
	if !ok {
		return Going, "no deployment is there yet"
	}
	if d, gone := s.overtaken(w.ID, now); gone {
		return Broken, d
	}
	if s.Pinned != "" && !slices.Contains(w.Digests, s.Pinned) {
		return Broken, fmt.Sprintf("its newest deployment starts tasks of %s, not of %s",
			s.Pinned.Short(), w.Digests[0].Short())
	}
	switch now.Rollout {
	case Failed:
		return Broken, cmp.Or(now.Reason, "the deployment failed")
	case Completed:
		if other := s.others(w.Digests); other > 0 || len(s.Deployments) > 1 {
			return Going, fmt.Sprintf("%s of what ran before %s still there",
				text.Plural(other, "task", "tasks"), map[bool]string{true: "is", false: "are"}[other == 1])
		}
		if n := s.unknown(now); n > 0 {
			return Going, fmt.Sprintf("%s not known to run %s", text.Plural(n, "task is", "tasks are"), w.Digests[0].Short())
		}
		return Settled, fmt.Sprintf("%s of %d run %s", text.Count(now.Running), now.Desired, w.Digests[0].Short())
	case InProgress:
	}
	said := fmt.Sprintf("%d of %d tasks run, %d pending", now.Running, now.Desired, now.Pending)
	if now.Failed > 0 {
		said += ", " + text.Plural(now.Failed, "has failed", "have failed")
	}
	return Going, said
}

// overtaken says whether the deployment that was started is not the one that the
// service is to come to any more: it failed and was taken back, or somebody has
// started another.
func (s State) overtaken(id string, now Deployment) (string, bool) {
	for _, d := range s.Deployments {
		back := d.Rollout == Failed && d.ID != now.ID
		if back && (d.ID == id || id == "" && d.Began.After(now.Began)) {
			return strings.TrimSuffix(cmp.Or(d.Reason, "the deployment failed"), ".") +
				"; the service went back to what ran before", true
		}
	}
	if id == "" || now.ID == id {
		return "", false
	}
	return "another deployment has taken its place: " + now.ID, true
}

// others counts the tasks that run something else.
func (s State) others(wanted []ref.Digest) int {
	n := 0
	for _, t := range s.Tasks {
		if t.Digest != "" && !slices.Contains(wanted, t.Digest) {
			n++
		}
	}
	return n
}

// unknown counts the tasks that nothing tells what they run: neither they themselves
// nor, of those of the newest deployment, what that has pinned.
func (s State) unknown(now Deployment) int {
	n, told := 0, 0
	for _, t := range s.Tasks {
		switch {
		case t.Digest != "":
			told++
		case s.Pinned == "" || t.Deployment != now.ID:
			n++
		}
	}
	if s.Pinned == "" {
		n = max(n, now.Running-told)
	}
	return n
}

// Digests counts the tasks by what they run, the most first.
func (s State) Digests() []Count {
	n := map[Count]int{}
	for _, t := range s.Tasks {
		n[Count{Digest: t.Digest, Starting: t.Digest == "" && t.starting()}]++
	}
	out := make([]Count, 0, len(n))
	for c, tasks := range n {
		c.Tasks = tasks
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(b.Tasks-a.Tasks, cmp.Compare(a.Digest, b.Digest), cmp.Compare(a.String(), b.String()))
	})
	return out
}

// Count is how many tasks run an image: one that is not known where Digest is empty,
// none yet where they are starting.
type Count struct {
	Digest   ref.Digest
	Tasks    int
	Starting bool
}

// String is what they run.
func (c Count) String() string {
	switch {
	case c.Starting:
		return "about to start"
	case c.Digest == "":
		return "not known"
	}
	return c.Digest.Short()
}
