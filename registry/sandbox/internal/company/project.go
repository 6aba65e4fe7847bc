package company

import "time"

// project is a repository and the habits of the team behind it.
type project struct {
	name      string
	title     string
	team      string
	cadence   func(project) *ledger
	recipe    func(p project, b build, arch string) recipe
	platforms []string
	base      string // repository of the image it is built from
	size      int64  // of the app's layer, in bytes
	pace      int    // builds on so many working days in a thousand
	age       int    // days since the first build
	prefix    string // of version tags
	port      string
	ociSince  int          // days ago that builds left Docker media types; zero is always OCI
	signed    bool         // releases carry signatures and SBOMs
	special   func(*shelf) // fills the repository instead
}

const mib = 1 << 20

func both() []string { return []string{"linux/amd64", "linux/arm64"} }

// projects lists the repositories in lexical order of their names.
func projects() []project {
	all := append(bases(), services()...)
	all = append(all, jobs()...)
	return append(all,
		project{name: "charts/shop", age: 600, special: fillCharts},
		project{name: "legacy/billing", age: 725, special: fillBilling},
	)
}

func services() []project {
	return []project{
		goService("edge/proxy", "Edge proxy", 8, 110, "8443/tcp", "linux/arm/v7"),
		nodeService("shop/admin", "Back office", 4, 110),
		goService("shop/api", "Shop API", 6, 390, "8080/tcp"),
		goService("shop/checkout", "Checkout", 7, 170, "8081/tcp"),
		nodeService("shop/mailer", "Transactional mail", 2, 70),
		goService("shop/search", "Product search", 11, 90, "8082/tcp"),
		nodeService("shop/web", "Storefront", 6, 320),
		goService("shop/worker", "Background jobs", 8, 210, "9090/tcp"),
	}
}

func goService(name, title string, size int64, pace int, port string, more ...string) project {
	return project{
		name: name, title: title, team: "platform", cadence: serviceCadence, recipe: goRecipe,
		platforms: append(both(), more...), base: "base/distroless", size: size * mib, pace: pace, age: 725,
		prefix: "v", port: port, ociSince: 640, signed: true,
	}
}

func nodeService(name, title string, size int64, pace int) project {
	return project{
		name: name, title: title, team: "web", cadence: serviceCadence, recipe: nodeRecipe,
		platforms: both(), base: "base/node", size: size * mib, pace: pace, age: 700,
		prefix: "v", port: "3000/tcp", ociSince: 590, signed: true,
	}
}

func jobs() []project {
	amd64 := []string{"linux/amd64"}
	return []project{
		{
			name: "ci/runner", title: "CI runner", team: "platform", cadence: toolCadence, recipe: runnerRecipe,
			platforms: amd64, base: "base/go", size: 40 * mib, age: 500, ociSince: 300,
		},
		{
			name: "data/airflow", title: "Airflow", team: "data", cadence: toolCadence, recipe: pythonRecipe,
			platforms: amd64, base: "base/python", size: 64 * mib, age: 680, ociSince: 400,
		},
		{
			name: "data/etl", title: "Nightly ETL", team: "data", cadence: nightlyCadence, recipe: pythonRecipe,
			platforms: amd64, base: "base/python", size: 52 * mib, age: 640, ociSince: 330,
		},
		{
			name: "ml/ranker", title: "Search ranking model", team: "ml", cadence: modelCadence, recipe: modelRecipe,
			platforms: amd64, base: "base/python", size: 350 * mib, age: 420, signed: true,
		},
		{
			name: "tools/backup", title: "Database backups", team: "platform", cadence: toolCadence, recipe: goRecipe,
			platforms: append(both(), "linux/arm/v7"), base: "base/distroless", size: 14 * mib, age: 710,
			ociSince: 500, signed: true,
		},
		{
			name: "tools/migrate", title: "Schema migrations", team: "platform", cadence: toolCadence, recipe: goRecipe,
			platforms: both(), base: "base/distroless", size: 12 * mib, age: 690, ociSince: 450, signed: true,
		},
	}
}

// docker reports whether a build of the project has Docker media types.
func (p project) docker(at time.Time) bool {
	return p.ociSince > 0 && at.Before(daysAgo(p.ociSince))
}
