package usage

import "encoding/json"

// object is what matters of a pod or a workload (Kubernetes API reference).
type object struct {
	Kind     string   `json:"kind"`
	Metadata metadata `json:"metadata"`
	Spec     spec     `json:"spec"`
	Status   status   `json:"status"`
}

type metadata struct {
	Name      string  `json:"name"`
	Namespace string  `json:"namespace"`
	Owners    []owner `json:"ownerReferences"`
}

type owner struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Controller bool   `json:"controller"`
}

// spec is that of a pod, of what has a template of pods, or of a CronJob, which
// has a template of jobs.
type spec struct {
	containers

	Replicas    *int64    `json:"replicas"`
	Template    *template `json:"template"`
	JobTemplate *struct {
		Spec struct {
			Template *template `json:"template"`
		} `json:"spec"`
	} `json:"jobTemplate"`
}

type template struct {
	Spec containers `json:"spec"`
}

type containers struct {
	Containers []container `json:"containers"`
	Init       []container `json:"initContainers"`
	Ephemeral  []container `json:"ephemeralContainers"`
}

func (c containers) all() []container {
	return append(append(append([]container{}, c.Containers...), c.Init...), c.Ephemeral...)
}

type container struct {
	Name  string `json:"name"`
	Image string `json:"image"`
	Pull  string `json:"imagePullPolicy"`
}

// kept reports whether a node that has the image does not pull it again.
func (c container) kept() bool { return c.Pull == "IfNotPresent" || c.Pull == "Never" }

type status struct {
	Phase      string      `json:"phase"`
	Containers []ran       `json:"containerStatuses"`
	Init       []ran       `json:"initContainerStatuses"`
	Ephemeral  []ran       `json:"ephemeralContainerStatuses"`
	Conditions []condition `json:"conditions"`
}

func (s status) all() []ran {
	return append(append(append([]ran{}, s.Containers...), s.Init...), s.Ephemeral...)
}

// ran is how a container of a pod is: ImageID is what its image turned out to be.
type ran struct {
	Name    string `json:"name"`
	ImageID string `json:"imageID"`
	State   struct {
		Running json.RawMessage `json:"running"`
	} `json:"state"`
}

type condition struct {
	Type   string `json:"type"`
	Status string `json:"status"`
}

// finished reports whether a pod or a job is over: nothing starts it again.
func (o object) finished() bool {
	if o.Kind == "Pod" {
		return o.Status.Phase == "Succeeded" || o.Status.Phase == "Failed"
	}
	for _, c := range o.Status.Conditions {
		if o.Kind == "Job" && c.Status == "True" && (c.Type == "Complete" || c.Type == "Failed") {
			return true
		}
	}
	return false
}

// podSpec is what the object's pods run.
func (o object) podSpec() containers {
	switch {
	case o.Spec.JobTemplate != nil && o.Spec.JobTemplate.Spec.Template != nil:
		return o.Spec.JobTemplate.Spec.Template.Spec
	case o.Spec.Template != nil:
		return o.Spec.Template.Spec
	}
	return o.Spec.containers
}
