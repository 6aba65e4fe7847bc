package sandbox

import "regatta/registry/sandbox/internal/ecs"

// Fate is how a deployment of the account's ECS goes.
type Fate = ecs.Fate

// The fates.
const (
	Settles = ecs.Settles // its tasks take over one by one
	Hangs   = ecs.Hangs   // no task of it ever starts
	Crashes = ecs.Crashes // its tasks fail, and the circuit breaker stops it
	Reverts = ecs.Reverts // as Crashes, and the circuit breaker goes back to what ran before
)

// Doom sets how the deployments of a service go that start from now on.
func (rg *Registry) Doom(cluster, service string, fate Fate) {
	there(rg.cloud.ecs.Doom(cluster, service, fate), cluster, service)
}

// Container is one that stands beside a service's own in each of its tasks.
type Container = ecs.Container

// Beside adds a container to a service, before its own: to its task definition and
// to whatever it has deployed.
func (rg *Registry) Beside(cluster, service string, c Container) {
	there(rg.cloud.ecs.Beside(cluster, service, c), cluster, service)
}

// NameDigests makes tasks and revisions of a service name their images by digest.
func (rg *Registry) NameDigests(cluster, service string) {
	there(rg.cloud.ecs.NameDigests(cluster, service), cluster, service)
}

// Control says who deploys a service: "ECS", "CODE_DEPLOY" or "EXTERNAL".
func (rg *Registry) Control(cluster, service, controller string) {
	there(rg.cloud.ecs.Control(cluster, service, controller), cluster, service)
}

func there(found bool, cluster, service string) {
	if !found {
		panic("sandbox: there is no service " + cluster + "/" + service)
	}
}
