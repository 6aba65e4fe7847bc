package company

import (
	"fmt"
	"time"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/prng"
)

func bases() []project {
	base := func(name, title string) project {
		return project{
			name: name, title: title, team: "platform", cadence: baseCadence, recipe: baseImage,
			platforms: both(), age: 760, ociSince: 660,
		}
	}
	return []project{
		base("base/debian", "Debian slim"), base("base/distroless", "Distroless"), base("base/go", "Go toolchain"),
		base("base/node", "Node runtime"), base("base/python", "Python runtime"),
	}
}

// rebuilds are the instants at which the base images were rebuilt: every few
// weeks, and soon again after a bad vulnerability.
func rebuilds() []time.Time {
	src := prng.New("rebuilds of the base images")
	var all []time.Time
	for ago := 760; ago > 0; {
		at := midnight(ago).Add(5*time.Hour + time.Duration(src.Between(0, 5000))*time.Second)
		for weekend(at) {
			at = at.Add(-day)
		}
		all = append(all, at)
		step := src.Between(38, 52)
		if src.Chance(150) {
			step = src.Between(3, 8)
		}
		ago -= step
	}
	return all
}

// baseAt is the revision of the base images that a build at an instant gets.
func baseAt(at time.Time) int {
	rev := 0
	for i, rebuilt := range rebuilds() {
		if rebuilt.Add(4 * time.Hour).Before(at) {
			rev = i
		}
	}
	return rev
}

// baseCadence tags every rebuild with its date and the version inside.
func baseCadence(p project) *ledger {
	l := newLedger(p)
	for rev, at := range rebuilds() {
		at = at.Add(time.Duration(l.src.Between(10, 200)) * time.Minute)
		n := l.add(at, baseVersion(p.name, rev))
		l.builds[n].code = rev
		l.tag(at.Format(time.DateOnly), n, at)
		l.tag(baseVersion(p.name, rev), n, at.Add(time.Second))
		l.tag("latest", n, at.Add(2*time.Second))
	}
	return l
}

// baseVersion is the version of what a base image is about.
func baseVersion(name string, rev int) string {
	switch name {
	case "base/go":
		return fmt.Sprintf("1.%d.%d", 23+rev/9, rev/3%3)
	case "base/node":
		return fmt.Sprintf("22.%d.0", 10+rev/3)
	case "base/python":
		return fmt.Sprintf("3.12.%d", 6+rev/3)
	}
	return fmt.Sprintf("12.%d", 4+rev/3)
}

func baseImage(p project, b build, arch string) recipe { return baseRecipe(p.name, b.code, arch) }

// baseRecipe is a base image at a revision. Language runtimes change less
// often than the system below them.
func baseRecipe(name string, rev int, arch string) recipe {
	at := rebuilds()[rev]
	if name == "base/distroless" {
		return distroless(rev, arch, at)
	}
	r := debian(rev, arch, at)
	version := baseVersion(name, rev)
	spec := layer.Spec{Family: name, Arch: arch, Rev: rev / 3}
	at = at.Add(3 * time.Minute)
	switch name {
	case "base/go":
		r.env(at, "GOLANG_VERSION="+version, "GOTOOLCHAIN=local", "GOPATH=/go", "PATH=/go/bin:/usr/local/go/bin:"+searchPath)
		spec.Kind, spec.Size = layer.Golang, 72*mib
		r.run(at, "RUN /bin/sh -c install-go ${GOLANG_VERSION} ${TARGETARCH} # buildkit", spec)
		r.workdir(at, "/go")
	case "base/node":
		r.env(at, "NODE_VERSION="+version, "NODE_ENV=production")
		spec.Kind, spec.Size = layer.Node, 40*mib
		r.run(at, "RUN /bin/sh -c install-node ${NODE_VERSION} ${TARGETARCH} # buildkit", spec)
		r.cmd(at, "node")
	case "base/python":
		r.env(at, "PYTHON_VERSION="+version, "PYTHONUNBUFFERED=1", "PIP_NO_CACHE_DIR=1")
		spec.Kind, spec.Size = layer.Python, 36*mib
		r.run(at, "RUN /bin/sh -c install-python ${PYTHON_VERSION} # buildkit", spec)
		r.cmd(at, "python3")
	}
	return r
}

func debian(rev int, arch string, at time.Time) recipe {
	r := recipe{}
	r.config.Env = []string{"PATH=" + searchPath}
	r.run(at, fmt.Sprintf("# debian.sh --arch '%s' out/ 'bookworm' '@%d'", arch, at.Unix()),
		layer.Spec{Kind: layer.Debian, Family: "bookworm", Arch: arch, Rev: rev, Size: 29 * mib})
	r.cmd(at, "bash")
	r.run(at.Add(time.Minute),
		"RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata curl "+
			"&& rm -rf /var/lib/apt/lists/* # buildkit",
		layer.Spec{Kind: layer.Apt, Family: "bookworm/curl", Arch: arch, Rev: rev, Size: 6 * mib})
	r.env(at.Add(time.Minute), "LANG=C.UTF-8")
	return r
}

func distroless(rev int, arch string, at time.Time) recipe {
	r := recipe{config: oci.Runtime{User: "65532", WorkingDir: "/"}}
	r.config.Env = []string{"PATH=" + searchPath, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"}
	r.run(at, "COPY /rootfs / # buildkit",
		layer.Spec{Kind: layer.Apt, Family: "distroless", Arch: arch, Rev: rev, Size: 17 * mib})
	r.run(at, "COPY /etc/ssl /usr/share/zoneinfo / # buildkit",
		layer.Spec{Kind: layer.Certs, Family: "certs", Rev: rev / 2, Size: 2 * mib})
	r.run(at, "COPY passwd group /etc/ # buildkit", userFiles())
	return r
}

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
