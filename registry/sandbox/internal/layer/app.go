package layer

import (
	"fmt"
	"strconv"
	"strings"

	"regatta/registry/sandbox/internal/prng"
)

func packages() []string {
	return strings.Fields(`accepts ansi-styles async axios body-parser busboy chalk classnames commander cookie cors
		d3-array date-fns debug depd dotenv ejs esbuild etag express fastify finalhandler graphql helmet history ioredis
		js-yaml knex lodash lru-cache mime minimist moment nanoid next pg pino postcss prom-client qs react react-dom
		react-router redux rxjs scheduler semver sharp swr tailwindcss tslib undici uuid vite winston ws yargs zod`)
}

func modules(src *prng.Source, i int, s Spec) drawn {
	pkg := prng.Pick(src, packages())
	every := prng.Seed(s.Family+pkg)%6 + 1
	dir := fmt.Sprintf("app/node_modules/%s/", pkg)
	if src.IntN(6) == 0 {
		return words(fmt.Sprintf("%sdist/chunk-%d.min.js", dir, i), 60_000, 700_000, every)
	}
	return words(fmt.Sprintf("%slib/%d.js", dir, i), 1_500, 60_000, every)
}

func static(src *prng.Source, i int, s Spec) drawn {
	switch i {
	case 0:
		return words("app/server.js", 20_000, 40_000, 1)
	case 1:
		hash := prng.New(s.Family + strconv.Itoa(s.Rev)).Hex(8)
		return words("app/static/js/main."+hash+".js", 900_000, 1_200_000, 1)
	}
	if src.IntN(3) == 0 {
		return drawn{path: fmt.Sprintf("app/static/img/%d.webp", i), text: "RIFF", low: 8_000, high: 300_000}
	}
	return words(fmt.Sprintf("app/static/js/chunk-%d.js", i), 10_000, 400_000, period(src, 1, 6))
}

func compiled(src *prng.Source, i int, s Spec) drawn {
	name := s.Family[strings.LastIndexByte(s.Family, '/')+1:]
	switch i {
	case 0:
		return executable("app/"+name, s.Size*85/100, s.Size*88/100, 1)
	case 1:
		return words("app/config/defaults.yaml", 2_000, 6_000, 5)
	}
	if src.IntN(2) == 0 {
		return words(fmt.Sprintf("app/migrations/%04d_%s.sql", i, prng.Pick(src, stems())), 300, 8_000, 0)
	}
	return words(fmt.Sprintf("app/templates/%s-%d.html", prng.Pick(src, packages()), i), 4_000, 90_000, 7)
}

func wheels(src *prng.Source, i int, s Spec) drawn {
	pkg := prng.Pick(src, strings.Fields(`alembic attrs boto3 certifi celery cryptography fastapi grpc jinja2 lxml numpy
		orjson pandas pillow polars psycopg pyarrow pydantic redis requests scipy sklearn sqlalchemy torch tqdm yaml`))
	dir := "usr/local/lib/python3.12/site-packages/" + pkg
	every := prng.Seed(s.Family+pkg)%7 + 2
	if src.IntN(4) == 0 {
		return executable(fmt.Sprintf("%s/_ext%d.cpython-312-%s.so", dir, i, triplet(s.Arch)), 200_000, 4_000_000, every)
	}
	return words(fmt.Sprintf("%s/mod%d.py", dir, i), 2_000, 90_000, every)
}

func source(src *prng.Source, i int, s Spec) drawn {
	name := s.Family[strings.LastIndexByte(s.Family, '/')+1:]
	part := prng.Pick(src, strings.Fields("jobs models pipelines sinks sources tests utils"))
	if i == 0 {
		return words(fmt.Sprintf("app/%s/__main__.py", name), 2_000, 5_000, 1)
	}
	return words(fmt.Sprintf("app/%s/%s/m%d.py", name, part, i), 1_000, 30_000, period(src, 1, 9))
}

func weights(_ *prng.Source, i int, s Spec) drawn {
	switch i {
	case 0:
		return words("models/ranker/config.json", 1_000, 2_000, 1)
	case 1:
		return words("models/ranker/tokenizer.json", 2_000_000, 2_200_000, 4)
	}
	path := fmt.Sprintf("models/ranker/model-%05d.safetensors", i-1)
	return drawn{path: path, low: s.Size / 3, high: s.Size/3 + 1_000, period: 1}
}
