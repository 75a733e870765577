package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// Another nonce changes whose study it is, and nothing else.
func TestSynthNonceChangesOnlyIdentities(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(nonce string) *dataset.Set {
		t.Helper()
		if r := pacsuat(t, dir, "synth", "--kind", "DX chest PA+LAT", "--as-of", "2026-11-02", "--run-nonce", nonce, "--out", nonce); r.code != 0 {
			t.Fatal(r)
		}
		text, err := os.ReadFile(filepath.Join(dir, nonce, "000001.dcm"))
		if err != nil {
			t.Fatal(err)
		}
		in := bytes.NewReader(text)
		meta, err := dataset.ReadFileMeta(in)
		if err != nil {
			t.Fatal(err)
		}
		set, err := dataset.Parse(text[len(text)-in.Len():], meta.TransferSyntax, dataset.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	a, b := file("00"), file("01")
	identities := map[dataset.Tag]bool{
		dataset.SOPInstanceUID: true, dataset.StudyInstanceUID: true, dataset.SeriesInstanceUID: true,
		dataset.PatientID: true, dataset.PatientName: true, dataset.PatientBirthDate: true, dataset.PatientAge: true, dataset.PatientSex: true,
		dataset.AccessionNumber: true,
	}
	changed := map[dataset.Tag]bool{}
	for _, d := range dataset.Compare(a, b, dataset.CompareOptions{}) {
		if !identities[d.Tag] {
			t.Errorf("%s changes with the nonce: %s", d.Tag.Keyword(), d)
		}
		changed[d.Tag] = true
	}
	for _, tag := range []dataset.Tag{dataset.SOPInstanceUID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.PatientID, dataset.AccessionNumber} {
		if !changed[tag] {
			t.Errorf("%s does not change with the nonce", tag.Keyword())
		}
	}
}
