package ecs

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Found seeds the clusters of the company as they are at an instant. It fills
// no repository.
func (f *Fleet) Found(now time.Time) {
	f.clusters = []string{"prod", "staging"}
	for i, repository := range []string{
		"edge/proxy", "shop/admin", "shop/api", "shop/checkout", "shop/mailer", "shop/search", "shop/web", "shop/worker",
	} {
		f.plant("prod", repository, 2+i%4, now.Add(-time.Duration(30+7*i)*time.Hour))
		f.plant("staging", repository, 1, now.Add(-time.Duration(3+2*i)*time.Hour))
	}
	f.families = append(f.families, family{"nightly-backup", []revision{{
		number: 3, image: imageRef{"tools/backup", "latest"}, fargate: true, registered: now.AddDate(0, -2, 0),
	}}})
	slices.SortFunc(f.services, func(a, b *service) int {
		return cmp.Or(cmp.Compare(a.cluster, b.cluster), cmp.Compare(a.name, b.name))
	})
	slices.SortFunc(f.families, func(a, b family) int { return cmp.Compare(a.name, b.name) })
}

// plant adds a service that runs the tag called like its cluster. Production
// is on Fargate, staging on machines of its own.
func (f *Fleet) plant(cluster, repository string, tasks int, deployed time.Time) {
	name := strings.ReplaceAll(repository, "/", "-")
	image := imageRef{repository, cluster}
	fargate := cluster == "prod"
	fam := family{cluster + "-" + name, []revision{
		{number: 6, image: imageRef{repository, "latest"}, fargate: fargate, registered: deployed.AddDate(-1, 0, 0)},
		{number: 7, image: image, fargate: fargate, registered: deployed.AddDate(0, -6, 0)},
	}}
	f.families = append(f.families, fam)
	f.services = append(f.services, &service{
		cluster: cluster, name: name, family: fam.name, fargate: fargate, desired: tasks,
		lags: fargate && repository == "shop/worker", created: deployed.AddDate(-1, 0, 0),
		deployments: []deployment{{number: 1, revision: 7, image: image, started: deployed}},
	})
}
