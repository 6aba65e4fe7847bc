package ecs

import (
	"strings"

	"regatta/registry/sandbox/internal/aws"
)

// Container is one that stands before a service's own in its task definition, and
// so in each of its tasks.
type Container struct {
	Name string
	// Image is how the task definition names it; without a host it is one of the
	// account's registry.
	Image string
	// Digest is what it turned out to be, "" where tasks do not tell.
	Digest string
}

func (b Container) on(c *aws.Call) string {
	if host, _, _ := strings.Cut(b.Image, "/"); strings.Contains(host, ".") {
		return b.Image
	}
	return c.Registry() + "/" + b.Image
}

// Beside adds a container to all that a service has deployed and will. It reports
// whether there is such a service.
func (f *Fleet) Beside(cluster, name string, b Container) bool {
	return f.alter(cluster, name, func(s *service) { s.beside = append(s.beside, b) })
}

// NameDigests makes tasks and revisions of a service name their images by digest,
// whatever the task definition says. It reports whether there is such a service.
func (f *Fleet) NameDigests(cluster, name string) bool {
	return f.alter(cluster, name, func(s *service) { s.byDigest = true })
}

// Control says who deploys a service: "ECS", "CODE_DEPLOY" or "EXTERNAL". It reports
// whether there is such a service.
func (f *Fleet) Control(cluster, name, controller string) bool {
	return f.alter(cluster, name, func(s *service) { s.controller = controller })
}

func (f *Fleet) alter(cluster, name string, how func(*service)) bool {
	s, ok := f.service(cluster, name)
	if ok {
		f.mu.Lock()
		defer f.mu.Unlock()
		how(s)
	}
	return ok
}

// named is how a task or a revision names the image of a deployment.
func (s *service) named(c *aws.Call, d deployment) string {
	if s.byDigest && d.digest != "" {
		return c.Registry() + "/" + d.image.repository + "@" + d.digest
	}
	return d.image.on(c)
}

// besideOf are the containers beside that of a family's service.
func (f *Fleet) besideOf(family string) []Container {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.services {
		if s.family == family {
			return append([]Container{}, s.beside...)
		}
	}
	return nil
}
