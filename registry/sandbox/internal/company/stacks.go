package company

import (
	"path"
	"strings"
	"time"

	"regatta/registry/sandbox/internal/layer"
)

// labels are the usual ones of image-spec 1.1, annotations.
func (p project) labels(b build) map[string]string {
	version := b.version
	if version == "" {
		version = "main-" + b.commit.short()
	}
	return map[string]string{
		"org.opencontainers.image.title":    p.title,
		"org.opencontainers.image.authors":  p.team + "@shop.example",
		"org.opencontainers.image.source":   "https://git.shop.example/" + p.name,
		"org.opencontainers.image.revision": b.commit.hash,
		"org.opencontainers.image.created":  b.at.Format(time.RFC3339),
		"org.opencontainers.image.version":  version,
		"example.shop.commit":               b.commit.subject + " (" + b.commit.author + ")",
	}
}

func (p project) from(b build, arch string) recipe { return baseRecipe(p.base, baseAt(b.at), arch) }

func goRecipe(p project, b build, arch string) recipe {
	if arch == "windows" {
		return windowsRecipe(p, b)
	}
	r := p.from(b, arch)
	name := path.Base(p.name)
	at := b.at.Add(-40 * time.Second)
	r.env(at, "GOMAXPROCS=2", "GOMEMLIMIT=400MiB", "LOG_LEVEL=info")
	r.label(at, p.labels(b))
	r.run(at.Add(9*time.Second), "COPY /out/ /app/ # buildkit",
		layer.Spec{Kind: layer.Binary, Family: p.name, Arch: arch, Rev: b.code, Size: p.size + int64(b.code)*9000})
	if p.port != "" {
		r.expose(at.Add(10*time.Second), p.port)
	}
	r.user(at.Add(10*time.Second), "65532:65532")
	r.entrypoint(at.Add(10*time.Second), "/app/"+name)
	return r
}

func nodeRecipe(p project, b build, arch string) recipe {
	r := p.from(b, arch)
	at := b.at.Add(-90 * time.Second)
	r.workdir(at, "/app")
	r.run(at.Add(30*time.Second), "COPY package.json package-lock.json ./ # buildkit", packageFiles(p, b))
	r.run(at.Add(50*time.Second), "RUN /bin/sh -c npm ci --omit=dev && npm cache clean --force # buildkit",
		layer.Spec{Kind: layer.Modules, Family: p.name, Arch: arch, Rev: b.deps, Size: 5 * p.size})
	r.label(at, p.labels(b))
	r.run(at.Add(70*time.Second), "COPY --chown=node:node /src/dist . # buildkit",
		layer.Spec{Kind: layer.Static, Family: p.name, Rev: b.code, Size: p.size + int64(b.code)*7000})
	r.env(at.Add(71*time.Second), "PORT=3000", "NODE_OPTIONS=--max-old-space-size=384")
	r.expose(at.Add(71*time.Second), p.port)
	r.user(at.Add(71*time.Second), "node")
	r.cmd(at.Add(71*time.Second), "node", "server.js")
	return r
}

func packageFiles(p project, b build) layer.Spec {
	text := `{"name":"` + strings.ReplaceAll(p.name, "/", "-") + `","private":true,"dependencies":{"express":"^4.21.` +
		string(rune('0'+b.deps%10)) + `","pino":"^9.5.0","undici":"^6.21.0"}}` + "\n"
	return layer.Spec{Kind: layer.Files, Family: p.name + "/packages", Rev: b.deps, Files: []layer.File{
		{Path: "app/package.json", Text: text},
		{Path: "app/package-lock.json", Text: `{"lockfileVersion":3,"packages":{"":` + strings.TrimSpace(text) + "}}\n"},
	}}
}

func pythonRecipe(p project, b build, arch string) recipe {
	r := p.from(b, arch)
	at := b.at.Add(-3 * time.Minute)
	r.workdir(at, "/app")
	r.run(at.Add(100*time.Second), "RUN /bin/sh -c pip install -r requirements.txt # buildkit",
		layer.Spec{Kind: layer.Wheels, Family: p.name, Arch: arch, Rev: b.deps, Size: p.size})
	r.run(at.Add(150*time.Second), "COPY src/ /app/ # buildkit",
		layer.Spec{Kind: layer.Source, Family: p.name, Rev: b.code, Size: 2 * mib})
	r.label(at, p.labels(b))
	r.env(at.Add(151*time.Second), "TZ=UTC", "DATABASE_URL=postgresql://etl@db.internal.example:5432/warehouse")
	r.user(at.Add(151*time.Second), "10001")
	r.entrypoint(at.Add(151*time.Second), "python3", "-m", path.Base(p.name))
	return r
}

func modelRecipe(p project, b build, arch string) recipe {
	r := p.from(b, arch)
	at := b.at.Add(-12 * time.Minute)
	r.run(at, "RUN /bin/sh -c pip install -r requirements.txt # buildkit",
		layer.Spec{Kind: layer.Wheels, Family: p.name, Arch: arch, Rev: b.deps, Size: 120 * mib})
	r.run(at.Add(4*time.Minute), "COPY models/ /models/ # buildkit",
		layer.Spec{Kind: layer.Weights, Family: p.name, Rev: b.code / 7, Size: p.size + int64(b.code/7)*17*mib})
	r.run(at.Add(8*time.Minute), "COPY src/ /app/ # buildkit",
		layer.Spec{Kind: layer.Source, Family: p.name, Rev: b.code, Size: mib})
	r.label(at, p.labels(b))
	r.env(at.Add(9*time.Minute), "MODEL_DIR=/models/ranker", "OMP_NUM_THREADS=4")
	r.expose(at.Add(9*time.Minute), "8500/tcp")
	r.user(at.Add(9*time.Minute), "10001")
	r.entrypoint(at.Add(9*time.Minute), "python3", "-m", "ranker.serve")
	return r
}

func runnerRecipe(p project, b build, arch string) recipe {
	r := p.from(b, arch)
	at := b.at.Add(-5 * time.Minute)
	r.run(at, "RUN /bin/sh -c apt-get update && apt-get install -y git make jq docker-cli # buildkit",
		layer.Spec{Kind: layer.Apt, Family: p.name, Arch: arch, Rev: b.deps, Size: p.size})
	r.run(at.Add(time.Minute), "RUN /bin/sh -c rm -rf /usr/share/doc /var/log/apt # buildkit", cleanup(p))
	r.label(at, p.labels(b))
	r.entrypoint(at.Add(time.Minute), "/usr/bin/bash", "-c")
	return r
}

// cleanup is a layer of whiteouts (image-spec 1.1, layers).
func cleanup(p project) layer.Spec {
	return layer.Spec{Kind: layer.Files, Family: p.name + "/cleanup", Files: []layer.File{
		{Path: "usr/share/.wh.doc"}, {Path: "var/log/.wh.apt"}, {Path: "tmp/", Mode: 0o1777},
	}}
}
