# make test        everything that must be green before a change is merged
# make test-quick  a minute of it, while working
# make build       bin/pacsuat: one static binary
#
# The steps are commands of Go and two small scripts in .ci; see
# CONTRIBUTING.md.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 1m

# Where every peer is required nothing may be skipped, but for what the race build
# leaves to test-faults. On a continuous integration machine results are not taken
# from Go's cache.
may_skip = ^TestEveryFaultReddens
report   = $(GO) run ./.ci/testreport
no_skips = $(if $(PACSUAT_REQUIRE),-no-skips -may-skip '$(may_skip)')
uncached = $(if $(CI),-count=1)

# The race detector needs a C compiler. Nothing else does.
race = $(if $(PACSUAT_REQUIRE)$(shell command -v gcc || command -v cc),-race)

.PHONY: test test-quick test-race test-faults lint fmt vet staticcheck mod cross build bench fuzz faults deps

# One after the other: the faults' scenarios have time limits, and two cores.
test: deps
	$(MAKE) lint
	$(MAKE) test-race
	$(MAKE) test-faults

# Without the race detector, the peers' tests and the long ones.
test-quick:
	$(report) -- -short $$($(GO) list ./... | grep -v -e /fixtures/peers -e /bench/)

test-race:
	$(if $(race),,@echo "No C compiler: the tests run without the race detector.")
	$(report) $(no_skips) -- $(race) $(uncached) -timeout 20m ./...

# Every fault of the simulator against every scenario: minutes, and too long
# with the race detector.
test-faults:
	$(report) -no-skips -- $(uncached) -timeout 20m -run '^TestEveryFault' ./fixtures/sim

lint: fmt vet staticcheck mod cross

fmt:
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "not gofmt's form (gofmt -w):" $$files; exit 1; fi

vet:
	$(GO) vet ./... ./.ci/testreport

staticcheck:
	$(GO) run $(STATICCHECK) ./... ./.ci/testreport

mod:
	$(GO) mod tidy -diff
	$(GO) mod verify

# The laptops that it runs on.
cross:
	@for t in windows/amd64 darwin/arm64; do \
		echo "$$t"; export CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/}; \
		$(GO) build -trimpath -o /dev/null ./cmd/pacsuat && $(GO) vet ./... || exit 1; \
	done

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/ ./cmd/pacsuat

# C-STORE side by side with DCMTK's storescu; studies side by side with what can
# be sent at most, and a day of the cluster; see docs/bench.md.
bench:
	$(GO) run ./bench/cstore
	$(GO) run ./bench/synth
	$(GO) run ./bench/synth -only day

# Each fuzz target in turn, for FUZZTIME.
fuzz:
	.ci/fuzz $(FUZZTIME)

# Writes fixtures/sim/FAULTS.md anew from what turns red.
faults:
	$(GO) test ./fixtures/sim -count=1 -timeout 20m -run '^TestEveryFault' -update

deps:
	@.ci/deps
