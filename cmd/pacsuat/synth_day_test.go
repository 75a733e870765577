package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// smallCluster unpacks the description, recipes and profile of the script of the
// day, and returns the arguments that name them.
func smallCluster(t *testing.T) (dir string, args []string) {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "script", "synth-day.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range a.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir, []string{"synth", "--day", "2026-11-04", "--enterprise", "cluster.yaml", "--recipes", "recipes.yaml", "--profile", "profile.yaml"}
}

// hashes returns what is in each instance below a folder.
func hashes(t *testing.T, dir string) map[string][sha256.Size]byte {
	t.Helper()
	out := map[string][sha256.Size]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".dcm") {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = sha256.Sum256(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSynthDayParts: what sites and hours make alone is, together, the day, byte
// for byte, and each instance of it can be made again alone.
func TestSynthDayParts(t *testing.T) {
	t.Parallel()
	dir, args := smallCluster(t)
	written := func(out string, more ...string) map[string][sha256.Size]byte {
		t.Helper()
		if r := pacsuat(t, dir, slices.Concat(args, []string{"--run-nonce", "00", "--out", out}, more)...); r.code != 0 {
			t.Fatal(r)
		}
		return hashes(t, filepath.Join(dir, out))
	}
	whole := written("whole")
	if len(whole) < 100 {
		t.Fatalf("%d instances", len(whole))
	}
	together := map[string][sha256.Size]byte{}
	for out, flags := range map[string][]string{
		"east":      {"--sites", "east"},
		"morning":   {"--sites", "west", "--to", "12:00"},
		"afternoon": {"--sites", "west", "--from", "12:00"},
	} {
		part := written(out, flags...)
		for name := range part {
			if _, twice := together[name]; twice {
				t.Errorf("%s is in two parts", name)
			}
		}
		maps.Copy(together, part)
	}
	if !maps.Equal(whole, together) {
		t.Errorf("the parts have %d instances, the whole %d, or others", len(together), len(whole))
	}
	// What is changed is noticed.
	if other := written("seed", "--seed", "2"); maps.Equal(whole, other) {
		t.Error("another seed makes the same day")
	}

	// One of 50 again.
	file, err := os.Open(filepath.Join(dir, "whole", "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, listed := bufio.NewScanner(file), 0
	for lines.Scan() {
		var line struct {
			Instance *struct {
				UID  string `json:"sop_instance_uid"`
				File string `json:"file"`
			} `json:"instance"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Instance == nil {
			continue
		}
		if _, ok := whole[line.Instance.File]; !ok {
			t.Errorf("%s is listed, and not there", line.Instance.File)
		}
		if listed++; listed%50 != 1 {
			continue
		}
		if r := pacsuat(t, dir, "synth", "--again", line.Instance.UID, "--manifest", filepath.Join("whole", "manifest.jsonl"), "--out", "again"); r.code != 0 {
			t.Fatal(r)
		}
		if hashes(t, filepath.Join(dir, "again"))[line.Instance.UID+".dcm"] != whole[line.Instance.File] {
			t.Errorf("%s is another when it is made again", line.Instance.File)
		}
	}
	if listed != len(whole) {
		t.Errorf("%d instances are listed, %d are there", listed, len(whole))
	}
}
