package archtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "pacsuat/"

// allowed lists, for every package, which packages of ours it may import
// directly. A package that is not in it fails: its place in the design comes
// first. A trailing /... stands for all packages below.
//
// Where a package uses another, the types of what that one stands on appear in
// its own signatures (an association's configuration, a status), so these are
// allowed with it.
var allowed = map[string][]string{
	// Leaves.
	"internal/dicom/pdu":     {},
	"internal/dicom/dataset": {},
	"internal/dicom/codec":   {},
	"internal/hl7":           {},
	"internal/load":          {},
	"internal/tagexpr":       {},
	"internal/enterprise":    {"internal/tagexpr"},
	"internal/vocab":         {},
	"internal/rundir":        {},
	"internal/archtest":      {},
	"features":               {},

	// Protocols.
	"internal/dicom/ul":        {"internal/dicom/pdu"},
	"internal/dicom/dimse":     {"internal/dicom/pdu", "internal/dicom/ul", "internal/dicom/dataset"},
	"internal/dicom/scu":       {"internal/dicom/pdu", "internal/dicom/ul", "internal/dicom/dataset", "internal/dicom/dimse"},
	"internal/dicom/scp":       {"internal/dicom/pdu", "internal/dicom/ul", "internal/dicom/dataset", "internal/dicom/dimse", "internal/dicom/scu"},
	"internal/dicom/web":       {"internal/dicom/dataset"},
	"internal/dicom/dicomtest": {"internal/dicom/..."},

	// Synthetic studies: draws and pictures know nothing of DICOM, arrivals
	// nothing of what a study is made of.
	"synth/draw":                 {},
	"synth/phantom":              {"synth/draw"},
	"synth/codestream":           {},
	"synth/codestream/dump":      {"synth/codestream/...", "synth/phantom", "synth/draw"},
	"synth/codestream/reference": {"synth/codestream", "synth/phantom", "internal/dicom/dataset"},
	"synth":                      {"internal/dicom/dataset", "internal/dicom/codec", "synth/draw", "synth/phantom", "synth/codestream"},
	"synth/volume":               {"synth/draw", "synth"},
	"internal/inbox":             {"internal/dicom/pdu", "internal/dicom/ul", "internal/dicom/dataset", "internal/dicom/dimse", "internal/dicom/scp", "internal/rundir"},

	// The data flow, one package a stage.
	"internal/plan":   {"internal/tagexpr", "internal/enterprise", "internal/vocab", "internal/rundir", "features", "synth"},
	"steps":           {"internal/vocab", "internal/rundir", "internal/enterprise", "internal/inbox", "synth", "internal/load", "internal/hl7", "internal/dicom/..."},
	"internal/run":    {"internal/plan", "steps", "internal/inbox", "internal/rundir", "internal/enterprise", "internal/vocab"}, // vocab: the times that a step's own words allow it
	"internal/judge":  {"internal/tagexpr", "internal/rundir"},
	"internal/report": {"internal/judge", "internal/rundir"},

	// Systems to test against, and the only place that wires them in.
	"fixtures":            {},
	"fixtures/sim":        {"internal/dicom/...", "internal/hl7", "internal/enterprise", "synth"},
	"fixtures/containers": {"internal/dicom/...", "internal/hl7", "internal/enterprise", "synth"},
	"fixtures/peers":      {"internal/dicom/...", "internal/hl7", "internal/enterprise", "synth"},
	"cmd/pacsuat":         {"..."},

	// Measuring.
	"bench/machine": {},
	"bench/cstore":  {"bench/machine", "internal/dicom/ul", "internal/dicom/dimse", "internal/dicom/scu", "internal/dicom/scp", "synth"},
	"bench/synth":   {"internal/dicom/dataset", "internal/enterprise", "synth", "synth/volume", "bench/machine"},
}

// never lists what a package must not reach, directly or through others.
var never = []struct {
	from, to []string
	why      string
}{
	{[]string{"internal/judge", "internal/report"}, opens, "judging and reporting open no connection"},
	{[]string{"internal/plan", "internal/vocab", "internal/enterprise", "internal/rundir"}, opens, "planning opens no connection"},
	{[]string{"internal/plan"}, []string{"steps"}, "the plan reads the vocabulary, no handler"},
	{[]string{"steps", "internal/run"}, []string{"fixtures/..."}, "a scenario does not know whether its system is simulated"},
	{[]string{"steps"}, []string{"internal/plan", "internal/run"}, "steps serve a run and know nothing of it"},
	{[]string{"internal/dicom/...", "internal/hl7"}, []string{"internal/rundir", "internal/enterprise", "internal/vocab", "internal/inbox", "steps", "synth", "features"},
		"protocols could be a module of their own"},
	{[]string{"fixtures/..."}, []string{"steps", "internal/run", "internal/plan", "internal/judge", "internal/report", "internal/inbox"},
		"a system under test knows nothing of its test"},
	{[]string{"internal/...", "steps", "synth", "features", "cmd/..."}, []string{"internal/dicom/dicomtest"}, "dicomtest is for tests only"},
}

// opens are the packages of ours that open connections.
var opens = []string{"internal/dicom/ul", "internal/dicom/scu", "internal/dicom/scp", "internal/dicom/web", "internal/dicom/dicomtest",
	"internal/inbox", "internal/run", "steps", "fixtures/..."}

// offline packages don't import the network at all, nor does any package of
// ours that they reach.
var (
	offline = []string{"internal/judge", "internal/report"}
	network = []string{"net", "net/http", "net/rpc", "net/smtp", "crypto/tls"}
)

// forbidden are packages that no binary of ours needs.
var forbidden = map[string]string{
	"C":       "one static binary without cgo",
	"unsafe":  "nothing here needs it",
	"testing": "tests belong into _test.go files",
	"plugin":  "one static binary",
}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Imports    []string // without those of tests
	Deps       []string // transitively, without those of tests
}

func TestImports(t *testing.T) {
	t.Parallel()
	touch(t)
	// Files with build constraints count on their own system.
	for _, goos := range []string{"linux", "windows", "darwin"} {
		t.Run(goos, func(t *testing.T) {
			t.Parallel()
			packages := list(t, goos)
			if len(packages) < 5 {
				t.Fatalf("go list found %d packages of ours", len(packages))
			}
			for _, violation := range violations(packages) {
				t.Error(violation)
			}
		})
	}
}

// touch looks at every Go file, so that the cached result of this test is
// dropped when one changes: what go list reads is not seen by the cache.
func touch(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != "..":
			return fs.SkipDir
		case strings.HasSuffix(path, ".go"):
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, goos string) map[string]listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w\n%s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	packages := make(map[string]listed)
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages[strings.TrimPrefix(p.ImportPath, module)] = p
	}
}

// violations lists everything that breaks a rule, sorted.
func violations(packages map[string]listed) []string {
	var out []string
	for name, p := range packages {
		may, known := allowed[name]
		if !known {
			out = append(out, fmt.Sprintf("%s is not in the design: give it its place in archtest's list first", name))
		}
		for _, i := range p.Imports {
			if why, bad := forbidden[i]; bad && (i != "testing" || name != "internal/dicom/dicomtest") {
				out = append(out, fmt.Sprintf("%s imports %s: %s", name, i, why))
			}
			if own, ok := strings.CutPrefix(i, module); ok && known && !matches(own, may) {
				out = append(out, fmt.Sprintf("%s imports %s, which it may not; it may import %q", name, own, may))
			}
		}
		reached := []string{name}
		for _, d := range p.Deps {
			if own, ok := strings.CutPrefix(d, module); ok {
				reached = append(reached, own)
			}
		}
		for _, rule := range never {
			if !matches(name, rule.from) {
				continue
			}
			for _, d := range reached[1:] {
				if d != name && matches(d, rule.to) {
					out = append(out, fmt.Sprintf("%s reaches %s: %s", name, d, rule.why))
				}
			}
		}
		if !matches(name, offline) {
			continue
		}
		for _, d := range reached {
			for _, i := range packages[d].Imports {
				if slices.Contains(network, i) {
					out = append(out, fmt.Sprintf("%s reaches %s, which imports %s: it opens no connection", name, d, i))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// matches reports whether a package is one of patterns.
func matches(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if p == "..." {
			return true
		}
		if dir, ok := strings.CutSuffix(p, "/..."); ok {
			return name == dir || strings.HasPrefix(name, dir+"/")
		}
		return name == p
	})
}

// The test itself must be able to fail.
func TestViolationsAreFound(t *testing.T) {
	t.Parallel()
	pkg := func(imports ...string) listed { return listed{Imports: imports, Deps: imports} }
	for _, test := range []struct {
		name     string
		packages map[string]listed
		want     []string
	}{
		{"clean", map[string]listed{"internal/judge": pkg("pacsuat/internal/rundir", "os"), "internal/rundir": pkg("os")}, nil},
		{"unknown package", map[string]listed{"internal/utils": pkg()}, []string{"internal/utils is not in the design"}},
		{"not allowed", map[string]listed{"internal/rundir": pkg("pacsuat/internal/vocab")}, []string{"internal/rundir imports internal/vocab"}},
		{"network", map[string]listed{"internal/report": pkg("net/http")}, []string{"internal/report reaches internal/report, which imports net/http"}},
		{"network behind another", map[string]listed{"internal/judge": pkg("pacsuat/internal/rundir"), "internal/rundir": pkg("net")},
			[]string{"internal/judge reaches internal/rundir, which imports net"}},
		{"connection behind another", map[string]listed{"internal/judge": {Imports: []string{"pacsuat/internal/rundir"}, Deps: []string{"pacsuat/internal/rundir", "pacsuat/internal/dicom/ul"}}},
			[]string{"internal/judge reaches internal/dicom/ul"}},
		{"fixtures behind another", map[string]listed{"steps": {Deps: []string{"pacsuat/fixtures/sim"}}}, []string{"steps reaches fixtures/sim"}},
		{"protocol and evidence", map[string]listed{"internal/dicom/scu": {Deps: []string{"pacsuat/internal/rundir"}}}, []string{"internal/dicom/scu reaches internal/rundir"}},
		{"cgo", map[string]listed{"synth": pkg("C")}, []string{"synth imports C"}},
		{"testing", map[string]listed{"synth": pkg("testing")}, []string{"synth imports testing"}},
		{"the command may", map[string]listed{"cmd/pacsuat": pkg("pacsuat/fixtures/sim", "pacsuat/steps", "net")}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := violations(test.packages)
			if len(got) != len(test.want) {
				t.Fatalf("got %q, expected %q", got, test.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], test.want[i]) {
					t.Errorf("got %q, expected %q", got[i], test.want[i])
				}
			}
		})
	}
}
