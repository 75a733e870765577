package synth

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// A manifest is JSON lines that say of every instance how it was made, so that
// each can be made again alone:
//
//	{"recipe":{...}}             once before the first study of each recipe
//	{"study":{...}}              everything that a study is a function of
//	{"instance":{...}}           one line an instance: its UIDs, its seed, its place
//
// Lines of other kinds are passed over.

// manifestLine is one line; one of its fields is set.
type manifestLine struct {
	Recipe   *Recipe        `json:"recipe,omitempty"`
	Study    *manifestStudy `json:"study,omitempty"`
	Instance *ManifestEntry `json:"instance,omitempty"`
}

// manifestStudy is a StudyRequest as it was completed.
type manifestStudy struct {
	StudyInstanceUID string                 `json:"study_instance_uid"`
	Recipe           string                 `json:"recipe"`
	Seed             uint64                 `json:"seed"`
	Nonce            string                 `json:"nonce"`
	Scope            string                 `json:"scope"`
	Scenario         string                 `json:"scenario"`
	Attempt          int                    `json:"attempt"`
	Fence            Fence                  `json:"fence"`
	Index            int                    `json:"index"`
	Images           int                    `json:"images,omitempty"`
	Bytes            int64                  `json:"bytes,omitempty"`
	Series           int                    `json:"series,omitempty"`
	Late             int                    `json:"late,omitempty"`
	Patient          Patient                `json:"patient"`
	CharacterSet     []string               `json:"character_set,omitempty"`
	TransferSyntax   dataset.TransferSyntax `json:"transfer_syntax"`
	Start            time.Time              `json:"start"`
	Location         string                 `json:"location"`
	Accession        string                 `json:"accession_number"`
	Description      string                 `json:"description"`
	Equipment        Equipment              `json:"equipment"`
	Variant          int                    `json:"variant,omitempty"`
	With             []Trait                `json:"with,omitempty"`
	OtherStudyUID    bool                   `json:"other_study_uid,omitempty"`
}

// ManifestEntry is one instance of a manifest.
type ManifestEntry struct {
	SOPInstanceUID    string `json:"sop_instance_uid"`
	SOPClassUID       string `json:"sop_class_uid"`
	SeriesInstanceUID string `json:"series_instance_uid"`
	StudyInstanceUID  string `json:"study_instance_uid"`
	Seed              uint64 `json:"seed"`
	Index             int    `json:"index"` // in the study, from 0
	Variant           int    `json:"variant,omitempty"`
	Bytes             int64  `json:"bytes"` // of the data set
	File              string `json:"file,omitempty"`
}

// Manifest writes a manifest. It must not be shared by goroutines; what it was
// told is written when Flush has returned without an error.
type Manifest struct {
	to      *bufio.Writer
	recipes map[string]bool
}

// NewManifest returns a manifest that is written to w.
func NewManifest(w io.Writer) *Manifest {
	return &Manifest{to: bufio.NewWriterSize(w, 64<<10), recipes: map[string]bool{}}
}

func (m *Manifest) line(l manifestLine) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("synth: manifest: %w", err)
	}
	_, err = m.to.Write(append(b, '\n'))
	return err
}

// Study writes how a study is made. It comes before the instances of the study.
func (m *Manifest) Study(s *Study) error {
	r := s.Recipe
	if !m.recipes[r.Name] {
		m.recipes[r.Name] = true
		if err := m.line(manifestLine{Recipe: &r}); err != nil {
			return err
		}
	}
	q := s.request
	return m.line(manifestLine{Study: &manifestStudy{
		StudyInstanceUID: s.StudyInstanceUID, Recipe: r.Name, Seed: q.Seed,
		Nonce: q.Identity.nonce, Scope: q.Identity.scope, Scenario: q.Identity.scenario, Attempt: q.Identity.attempt, Fence: q.Identity.fence,
		Index: q.Index, Images: q.Images, Bytes: q.Bytes, Series: q.Series, Late: s.total - s.made(),
		Patient: q.Patient, CharacterSet: q.CharacterSet, TransferSyntax: q.TransferSyntax,
		Start: s.start, Location: s.start.Location().String(),
		Accession: q.Accession, Description: q.Description, Equipment: q.Equipment, Variant: q.Variant, With: q.With,
		OtherStudyUID: q.StudyInstanceUID != "",
	}})
}

// Instance writes one instance, and where it was put, if in a file.
func (m *Manifest) Instance(in *Instance, file string) error {
	return m.line(manifestLine{Instance: &ManifestEntry{
		SOPInstanceUID: in.SOPInstanceUID, SOPClassUID: in.SOPClassUID, SeriesInstanceUID: in.SeriesInstanceUID,
		StudyInstanceUID: in.study.StudyInstanceUID, Seed: in.study.seed, Index: in.Index, Variant: in.variant, Bytes: in.Size(), File: file,
	}})
}

// Flush writes what is buffered.
func (m *Manifest) Flush() error { return m.to.Flush() }

// ErrNotInManifest says that a manifest has no instance of a UID.
var ErrNotInManifest = errors.New("synth: no instance of this UID is in the manifest")

// Again makes the instances of a SOP Instance UID once more from the manifest
// that lists it, byte for byte: one, or two where a case sent the UID with other
// content. Errors name the line.
func Again(manifest io.Reader, sopInstanceUID string) ([]*Instance, error) {
	recipes := map[string]*Recipe{}
	var studies []*manifestStudy
	var found []ManifestEntry
	lines := bufio.NewReader(manifest)
	uid := []byte(sopInstanceUID)
	for number := 1; ; number++ {
		text, err := lines.ReadBytes('\n')
		if len(text) > 0 && (bytes.Contains(text, uid) || !bytes.HasPrefix(text, []byte(`{"instance":`))) {
			var l manifestLine
			if err := json.Unmarshal(text, &l); err != nil {
				return nil, fmt.Errorf("synth: manifest, line %d: %w", number, err)
			}
			switch {
			case l.Recipe != nil:
				recipes[l.Recipe.Name] = l.Recipe
			case l.Study != nil:
				studies = append(studies, l.Study)
			case l.Instance != nil && l.Instance.SOPInstanceUID == sopInstanceUID:
				found = append(found, *l.Instance)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(found) == 0 {
		return nil, ErrNotInManifest
	}
	var out []*Instance
	for _, e := range found {
		in, err := e.again(recipes, studies)
		if err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

// again makes the instance that the entry describes.
func (e ManifestEntry) again(recipes map[string]*Recipe, studies []*manifestStudy) (*Instance, error) {
	for _, ms := range studies {
		if ms.StudyInstanceUID != e.StudyInstanceUID || ms.Variant != e.Variant {
			continue
		}
		r := recipes[ms.Recipe]
		if r == nil {
			return nil, fmt.Errorf("synth: the manifest has a study of %q and not that recipe", ms.Recipe)
		}
		s, err := ms.study(*r)
		if err != nil {
			return nil, err
		}
		if e.Index < s.Len() && s.SOPInstanceUID(e.Index) == e.SOPInstanceUID {
			return s.instance(e.Index, e.Variant)
		}
	}
	return nil, fmt.Errorf("synth: the manifest has no study from which %s could be made; it was made by another version, or changed", e.SOPInstanceUID)
}

// study makes the study that the line describes.
func (ms *manifestStudy) study(r Recipe) (*Study, error) {
	location, err := time.LoadLocation(ms.Location)
	if err != nil {
		location = ms.Start.Location() // the offset alone, as it is written
	}
	start := ms.Start.In(location)
	q := StudyRequest{
		Recipe: r, Images: ms.Images, Bytes: ms.Bytes, Series: ms.Series, Seed: ms.Seed, AsOf: start,
		Identity: NewIdentity(ms.Nonce, ms.Scope, ms.Scenario, ms.Attempt, ms.Fence), Index: ms.Index,
		Patient: ms.Patient, CharacterSet: ms.CharacterSet, TransferSyntax: ms.TransferSyntax,
		Date: start.Format("20060102"), Time: start.Format("150405"),
		Accession: ms.Accession, Description: ms.Description, Equipment: ms.Equipment, Variant: ms.Variant, With: ms.With,
	}
	q.Recipe.Traits = nil // they are among With
	if ms.OtherStudyUID {
		q.StudyInstanceUID = ms.StudyInstanceUID
	}
	s, err := NewStudy(q)
	if err != nil || ms.Late == 0 {
		return s, err
	}
	return s.Extend(ms.Late)
}
