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
	if !rg.cloud.ecs.Doom(cluster, service, fate) {
		panic("sandbox: there is no service " + cluster + "/" + service)
	}
}
