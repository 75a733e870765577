package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"pacsuat/features"
	"pacsuat/fixtures/sim"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/plan"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// selection is the flags that run and plan share.
type selection struct {
	enterprise string
	features   []string
	systems    []string
	roles      []string
	sites      []string
	tags       string
	scenarios  []string
	seed       uint64
	volume     float64
	simFaults  []string
	allowProd  bool
	allowLive  []string
}

func (s *selection) register(f *pflag.FlagSet) {
	f.StringVar(&s.enterprise, "enterprise", "", "description of the cluster (`FILE`); without it a simulated cluster on this machine")
	f.StringArrayVar(&s.features, "features", nil, "folder of features (`DIR`) instead of the shipped ones; repeatable")
	f.StringSliceVar(&s.systems, "systems", nil, "only these systems and the links that start at them, or links (A->B)")
	f.StringSliceVar(&s.roles, "roles", nil, "only systems of these roles: prod, bk, dr (default bk,dr)")
	f.StringSliceVar(&s.sites, "sites", nil, "only systems of these sites")
	f.StringVar(&s.tags, "tags", "", "only scenarios that a tag expression selects: \"@storage and not @slow\"")
	f.StringArrayVar(&s.scenarios, "scenario", nil, "only the scenario with this `ID` (path:line[:row]); repeatable")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the synthetic studies' content")
	f.Float64Var(&s.volume, "volume", 1, "share of realistic volume, for studies of realistic size")
	f.StringArrayVar(&s.simFaults, "sim-fault", nil, "switch a fault of the simulated cluster on: `SUBJECT=FAULT[:VALUE]`; repeatable")
	f.BoolVar(&s.allowProd, "allow-prod", false, "also write to production systems whose description says uat_allowed: true")
	f.StringArrayVar(&s.allowLive, "allow-live", nil, "allow writes to reach a live system up to a volume: `NAME=BYTES` (also 500MB, 2GB); repeatable")
}

// describe loads the cluster: the user's, or the embedded example, which is
// then to be simulated.
func (s *selection) describe() (e *enterprise.Enterprise, yaml []byte, simulated bool, err error) {
	if s.enterprise == "" {
		return embedded(), nil, true, nil
	}
	if len(s.simFaults) > 0 {
		return nil, nil, false, usage("--sim-fault works on the embedded simulated cluster only, so not together with --enterprise")
	}
	yaml, err = os.ReadFile(s.enterprise)
	if err != nil {
		return nil, nil, false, configured(err)
	}
	e, err = enterprise.Parse(s.enterprise, yaml)
	return e, yaml, false, configured(err)
}

// embedded is the shipped example with the harness at any free port.
func embedded() *enterprise.Enterprise {
	e := enterprise.Example().Clone()
	e.Harness.Listen = "127.0.0.1:0"
	return e
}

// sources reads the features.
func (s *selection) sources() ([]plan.Source, error) {
	if len(s.features) == 0 {
		return plan.ReadFS(features.FS)
	}
	var all []plan.Source
	seen := map[string]string{}
	for _, dir := range s.features {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is no folder", dir)
		}
		if err != nil {
			return nil, configured(fmt.Errorf("--features: %w", err))
		}
		some, err := plan.ReadFS(os.DirFS(dir))
		if err != nil {
			return nil, configured(fmt.Errorf("--features %s: %w", dir, err))
		}
		for _, one := range some {
			if before, ok := seen[one.Path]; ok {
				return nil, usage("--features: %s is both in %s and in %s; scenario IDs would be the same", one.Path, before, dir)
			}
			seen[one.Path] = dir
		}
		all = append(all, some...)
	}
	return all, nil
}

// build makes the plan.
func (s *selection) build() (*rundir.Plan, *enterprise.Enterprise, error) {
	e, yaml, simulated, err := s.describe()
	if err != nil {
		return nil, nil, err
	}
	sources, err := s.sources()
	if err != nil {
		return nil, nil, err
	}
	allow, err := parseAllowLive(s.allowLive)
	if err != nil {
		return nil, nil, err
	}
	p, err := plan.Build(plan.Input{
		Enterprise: e, EnterpriseYAML: yaml, Simulated: simulated, SimFaults: s.simFaults,
		Sources: sources, Vocabulary: vocab.Default(),
		Selection: plan.Selection{Systems: s.systems, Roles: s.roles, Sites: s.sites, Tags: s.tags, Scenarios: s.scenarios},
		Seed:      s.seed, AsOf: time.Now(), Volume: s.volume, Binary: thisBinary(),
		AllowProd: s.allowProd, AllowLive: allow,
	})
	if errors.Is(err, plan.ErrNothingSelected) {
		return nil, nil, err
	}
	return p, e, configured(err)
}

var units = []struct {
	suffix string
	factor int64
}{{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1}}

func parseAllowLive(given []string) (map[string]int64, error) {
	var out map[string]int64
	for _, g := range given {
		name, size, ok := strings.Cut(g, "=")
		if !ok || name == "" {
			return nil, usage("--allow-live %q: a system and a volume are expected, such as north-prod=500MB", g)
		}
		n, err := parseBytes(size)
		if err != nil {
			return nil, usage("--allow-live %q: %w", g, err)
		}
		if out == nil {
			out = map[string]int64{}
		}
		out[name] = n
	}
	return out, nil
}

func parseBytes(s string) (int64, error) {
	upper := strings.ToUpper(strings.TrimSpace(s))
	for _, u := range units {
		number, ok := strings.CutSuffix(upper, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/u.factor {
			break
		}
		return n * u.factor, nil
	}
	return 0, fmt.Errorf("%q is no volume; write bytes, or 500MB, 2GB", s)
}

// startSimulated starts the embedded cluster, which runs until it is closed: it
// must outlive an interrupted run, or its going down would look like systems
// that break associations off.
func startSimulated(ctx context.Context, e *enterprise.Enterprise, realPatients int, faults []string) (*sim.Cluster, error) {
	c, err := sim.Start(context.WithoutCancel(ctx), sim.Options{Enterprise: e, FreePorts: true, RealPatients: realPatients, Faults: faults})
	return c, configured(err)
}

// version is set by the linker for releases.
var version = "development"

func thisBinary() rundir.Binary {
	b := rundir.Binary{Version: version, OS: runtime.GOOS, Arch: runtime.GOARCH}
	if name, err := os.Executable(); err == nil {
		if text, err := os.ReadFile(name); err == nil {
			sum := sha256.Sum256(text)
			b.SHA256 = hex.EncodeToString(sum[:])
		}
	}
	return b
}

// newNonce draws the nonce of an execution: no rerun shares an identity.
func newNonce() (string, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("drawing the run's nonce: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}
