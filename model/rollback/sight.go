package rollback

import (
	"time"

	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/ref"
)

// Sight is how a rollback stands.
type Sight struct {
	Run       journal.Run
	Tags      []Verified
	Services  []Service
	Workloads []Workload
	Deployed  bool // new deployments were started
	Watching  bool // something is on its way
	Soon      bool // and more of it is known in a moment: steps are carried out, or an answer is due
	Next      string
}

// Verified is what was found of a tag once it went back.
type Verified struct {
	Tag    ref.Reference
	Digest ref.Digest
	Checks []Check // none until it was looked at
}

// Service is one that follows a tag.
type Service struct {
	Verdict deploy.Verdict
	Text    string
	State   deploy.State
	Wanted  []ref.Digest // what its tasks are to run: an image and its parts
	Since   time.Time    // events before that are not of the rollback
	Err     error

	Obstacle string // why it cannot be deployed here; empty if it can
}

// Workload is one of Kubernetes that follows a tag.
type Workload struct {
	Name    string
	Restart string // the command that starts it anew
	Caution string // why that may not be enough
	Verdict deploy.Verdict
	Text    string
	Pods    deploy.Pods
	Wanted  []ref.Digest // what its pods are to run: an image and its parts
	Err     error
}
