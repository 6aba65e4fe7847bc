# Every step of CI is a target. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := $(CURDIR)/bin
export PATH := $(BIN):$(PATH)

GOLANGCI_VERSION ?= v2.15.0
GOFUMPT_VERSION ?= v0.12.0
GOTESTSUM_VERSION ?= v1.13.0
CRANE_VERSION ?= v0.22.1
REGCTL_VERSION ?= v0.11.7
DISTRIBUTION_VERSION ?= v3.1.2
GORELEASER_VERSION ?= v2.15.4

# A number of inputs, not a time: when a time is up, go test now and then reports
# the deadline itself as a failure of the target.
FUZZTIME ?= 200000x
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LDFLAGS := -s -w -X regatta/cmd/cli.version=$(VERSION)

# What the tests run against beside our own code. The first list comes through
# the Go module proxy, the second from Debian where that may be installed.
PEERS := $(BIN)/crane $(BIN)/regctl $(BIN)/registry
DEBIAN := docker-registry skopeo tar tmux umoci

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: build
build: ## build ./regatta
	go build -trimpath -ldflags '$(LDFLAGS)' -o regatta .

.PHONY: demo
demo: ## open the terminal UI on the embedded sandbox
	@go run . demo

.PHONY: check
check: fmt-check lint tidy-check test ## all that CI runs, fuzzing apart

# SQLite in Go is pointer arithmetic throughout: to check each of them takes a
# sixth of the time of the tests, and is none of our code.
RACE := -race -gcflags=modernc.org/...=-d=checkptr=0

# A program that is built for the race detector sleeps for a second when it ends:
# the tests start hundreds of them.
.PHONY: test
test: tools packages ## install what the tests need, then run all of them, race-enabled
	@required=crane,regctl,registry; \
	for p in $(DEBIAN); do if command -v $$p >/dev/null; then required=$$required,$$p; \
	  elif [ -n "$${CI:-}" ]; then echo "$$p is required in CI and could not be installed" >&2; exit 1; \
	  else echo "without $$p: its tests are skipped"; fi; done; \
	times=$$(mktemp); trap 'rm -f "$$times"' EXIT; \
	GORACE=atexit_sleep_ms=0 REGATTA_REQUIRE_PEERS=$$required gotestsum --format pkgname-and-test-fails --jsonfile "$$times" -- $(RACE) -shuffle=on -timeout 70m ./...; \
	echo "the ten slowest tests:"; gotestsum tool slowest --threshold 1s --num 10 --jsonfile "$$times"

.PHONY: quick
quick: $(BIN)/gotestsum ## run the tests without the race detector and without other programs: what one runs while working
	gotestsum --format pkgname-and-test-fails -- -short -vet=off -shuffle=on -timeout 10m ./...

.PHONY: house
house: ## measure the source: packages, files, functions, and how much of it is tests
	@go run ./cmd/house

.PHONY: tools
tools: $(PEERS) $(BIN)/gotestsum ## install test tools and registry clients into ./bin

$(BIN)/crane:
	GOBIN=$(BIN) go install github.com/google/go-containerregistry/cmd/crane@$(CRANE_VERSION)
$(BIN)/regctl:
	GOBIN=$(BIN) go install github.com/regclient/regclient/cmd/regctl@$(REGCTL_VERSION)
$(BIN)/registry:
	GOBIN=$(BIN) go install github.com/distribution/distribution/v3/cmd/registry@$(DISTRIBUTION_VERSION)
$(BIN)/gotestsum:
	GOBIN=$(BIN) go install gotest.tools/gotestsum@$(GOTESTSUM_VERSION)
$(BIN)/golangci-lint:
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
$(BIN)/gofumpt:
	GOBIN=$(BIN) go install mvdan.cc/gofumpt@$(GOFUMPT_VERSION)

.PHONY: packages
packages: ## install registries and clients from Debian, where that may be done
	@missing=(); for p in $(DEBIAN); do command -v $$p >/dev/null || missing+=($$p); done; \
	if [ $${#missing[@]} -gt 0 ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; fi

.PHONY: fmt
fmt: $(BIN)/gofumpt $(BIN)/golangci-lint ## format the code
	golangci-lint fmt

.PHONY: fmt-check
fmt-check: $(BIN)/golangci-lint ## fail if something is not formatted
	@golangci-lint fmt --diff

.PHONY: lint
lint: $(BIN)/golangci-lint ## lint, layers included
	golangci-lint run --allow-parallel-runners ./...

.PHONY: tidy-check
tidy-check: ## fail if go.mod or go.sum is not tidy
	go mod tidy -diff

.PHONY: docs
docs: ## write the generated pages and golden screens anew
	go test ./cmd/cli -run 'TestGenerated|TestScreens|TestThemes|TestDelete|TestCopyFrom|TestJSON' -update

.PHONY: docs-check
docs-check: ## fail if a generated page is stale
	go test ./cmd/cli -count=1 -run TestGenerated

.PHONY: fuzz
fuzz: ## fuzz everything that parses foreign bytes, FUZZTIME inputs each
	@grep -rnoE '^func Fuzz[A-Za-z]+' --include='*_test.go' . | sed -E 's|/[^/]+:[0-9]+:func | |' | sort | while read -r pkg f; do \
	  echo "$$pkg $$f"; \
	  go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$$pkg" >/tmp/fuzz.$$$$ 2>&1 || { cat /tmp/fuzz.$$$$; exit 1; }; \
	done

.PHONY: bench
bench: tools packages ## measure speed and memory side by side with peers, MARKDOWN=FILE keeps the table
	go test ./cmd/bench -run '^$$' -bench . -benchtime 1x -timeout 30m $(if $(MARKDOWN),-args -markdown $(abspath $(MARKDOWN)))

.PHONY: clean
clean: ## remove what was built
	rm -rf bin dist regatta
