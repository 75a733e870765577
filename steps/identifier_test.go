package steps

import (
	"slices"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// PS3.4 C.4.1.1.3.1: Instance Availability shall not be in a C-FIND request, nor
// Specific Character Set where no key needs one. Retrieve AE Title is no key:
// Orthanc 1.10.1 answers one that is asked for with an empty value.
func TestQuestionsHoldKeysOnly(t *testing.T) {
	t.Parallel()
	for name, tags := range map[string][]dataset.Tag{
		"study": studyBack,
		"image": tagsOf(imageIdentifier("1.2.3", "1.2.3.4")),
		"level": tagsOf(identifier("STUDY", studyBack...)),
	} {
		for _, forbidden := range []dataset.Tag{dataset.InstanceAvailability, dataset.SpecificCharacterSet, dataset.RetrieveAETitle} {
			if slices.Contains(tags, forbidden) {
				t.Errorf("%s: asks for %s", name, forbidden.Keyword())
			}
		}
	}
}

func tagsOf(s *dataset.Set) []dataset.Tag {
	var tags []dataset.Tag
	for e := range s.All() {
		tags = append(tags, e.Tag)
	}
	return tags
}

// PS3.4 C.4.1.1.3.2: a null value is valid above the lowest level, absence is not.
func TestSaysWhereToRetrieve(t *testing.T) {
	t.Parallel()
	with := func(tags ...dataset.Tag) *dataset.Set {
		s := dataset.New()
		for _, tag := range tags {
			s.PutString(tag)
		}
		return s
	}
	for _, test := range []struct {
		name   string
		answer *dataset.Set
		want   bool
	}{
		{"nothing", with(), false},
		{"AE title", with(dataset.RetrieveAETitle), true},
		{"file-set ID without its UID", with(dataset.StorageMediaFileSetID), false},
		{"file-set", with(dataset.StorageMediaFileSetID, dataset.StorageMediaFileSetUID), true},
	} {
		if got := saysWhereToRetrieve(test.answer); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
