package synth

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGolden fixes nonce, seed and date and compares the hash of every byte of
// every kind in every transfer syntax, of one instance of each object, so that a
// change of compiler, machine or code that changes an object is seen. Deflated
// data sets are inflated first: how well they are deflated is nobody's promise.
// Run it with -update after an intended change, and say in the commit what
// changed.
func TestGolden(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("recipe | transfer syntax | instance | SHA-256 of the data set, first half | of what it decodes to, first frame\n")
	for _, r := range Recipes() {
		r := r.Reduced(1 << 20).Within(160) // painting takes long where races are looked for
		for _, ts := range r.Syntaxes() {
			s := mustStudy(t, StudyRequest{
				Recipe: r, Images: max(2, r.LeastSeries()), Series: max(1, r.LeastSeries()), Seed: 42, AsOf: testDate,
				Identity: testIdentity, Index: 1, TransferSyntax: ts, CharacterSet: []string{"ISO_IR 192"},
			})
			for i, in := range instances(t, s) {
				text := whole(in)
				if in.TransferSyntax.IsDeflated() {
					var err error
					if text, err = io.ReadAll(flate.NewReader(bytes.NewReader(text))); err != nil {
						t.Fatal(err)
					}
				}
				pixel := "-"
				if in.Frames > 0 {
					d, err := in.Decoded()
					if err != nil {
						t.Fatal(err)
					}
					pixel = hex.EncodeToString(d.Frames[0][:16])
				}
				sum := sha256.Sum256(text)
				fmt.Fprintf(&b, "%s | %s | %d | %s | %s\n", r.Name, SyntaxName(in.TransferSyntax), i, hex.EncodeToString(sum[:16]), pixel)
			}
		}
	}
	file := filepath.Join("testdata", "golden.txt")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.SplitAfter(strings.ReplaceAll(string(have), "\r\n", "\n"), "\n")
	got := strings.SplitAfter(b.String(), "\n")
	if len(got) != len(want) {
		t.Errorf("%d lines, %d are in %s", len(got), len(want), file)
	}
	wrong := 0
	for n, line := range got {
		if n >= len(want) || line != want[n] {
			if wrong++; wrong <= 20 {
				t.Errorf("line %d:\n got %s", n+1, line)
			}
		}
	}
	if wrong > 20 {
		t.Errorf("and %d lines more", wrong-20)
	}
}
