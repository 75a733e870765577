package steps

import (
	"testing"

	"pacsuat/internal/vocab"
)

func TestEverySentenceHasAHandlerAndEveryHandlerASentence(t *testing.T) {
	t.Parallel()
	v := vocab.Default()
	if _, err := NewLibrary(v); err != nil {
		t.Error(err)
	}
	for id := range handlers() {
		if _, ok := v.Regexp(id); !ok {
			t.Errorf("the handler %s belongs to no sentence", id)
		}
	}
}

func TestEveryTraitAndAttributeOfTheVocabularyIsKnown(t *testing.T) {
	t.Parallel()
	for _, name := range vocab.Traits {
		if _, ok := traits[name]; !ok {
			t.Errorf("no trait is behind %q", name)
		}
	}
	for _, name := range vocab.Attributes {
		if _, ok := attributes[name]; !ok {
			t.Errorf("no attribute is behind %q", name)
		}
	}
}

func TestCompareKeysCountsMultisets(t *testing.T) {
	t.Parallel()
	got := compareKeys([]string{"a", "b", "c"}, []string{"a", "a", "x", "b"})
	if want := (compared{missing: 1, unasked: 1, repeated: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
