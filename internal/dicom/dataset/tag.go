package dataset

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Tag identifies an element as 0xGGGGEEEE, the group above the element number,
// so that tags sort in the order of a data set. See PS3.5 7.1.
type Tag uint32

// NewTag returns the tag (group,element).
func NewTag(group, element uint16) Tag { return Tag(group)<<16 | Tag(element) }

// Group returns the group number.
func (t Tag) Group() uint16 { return uint16(t >> 16) }

// Element returns the element number.
func (t Tag) Element() uint16 { return uint16(t) }

// IsPrivate reports whether the group is odd. See PS3.5 7.8.
func (t Tag) IsPrivate() bool { return t&0x10000 != 0 }

// isPrivateCreator reports whether t reserves a block of private elements,
// (gggg,0010-00FF) of an odd group. See PS3.5 7.8.1.
func (t Tag) isPrivateCreator() bool {
	return t.IsPrivate() && t.Element() >= 0x10 && t.Element() <= 0xFF
}

// isGroupLength reports whether t is (gggg,0000). See PS3.5 7.2.
func (t Tag) isGroupLength() bool { return t.Element() == 0 }

// String returns the printed form of PS3.5, "(0010,0020)", in upper case.
func (t Tag) String() string {
	const digits = "0123456789ABCDEF"
	b := [11]byte{0: '(', 5: ',', 10: ')'}
	for i := range 4 {
		b[1+i] = digits[t>>(28-4*i)&0xF]
		b[6+i] = digits[t>>(12-4*i)&0xF]
	}
	return string(b[:])
}

// Keyword returns the keyword of PS3.6 ("PatientName"), or "" for a tag that the
// dictionary does not hold.
func (t Tag) Keyword() string {
	info, ok := lookup(t)
	if !ok || t.isGroupLength() {
		return ""
	}
	return info.Keyword
}

// ParseTag reads a tag written as a keyword of PS3.6 ("PatientID"), as
// "00100020" or as "(0010,0020)". A keyword is matched exactly and costs a walk
// through the whole dictionary: this is for configuration, not for data.
func ParseTag(s string) (Tag, error) {
	hex := s
	if len(s) == 11 && s[0] == '(' && s[5] == ',' && s[10] == ')' {
		hex = s[1:5] + s[6:10]
	}
	if len(hex) == 8 && strings.Trim(hex, "0123456789abcdefABCDEF") == "" {
		if n, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return Tag(n), nil
		}
	}
	switch s {
	case "":
		return 0, fmt.Errorf("dataset: empty tag")
	case "Item":
		return Item, nil
	}
	info, err := tag.FindByKeyword(s)
	if err != nil || info.Keyword != s {
		return 0, fmt.Errorf("dataset: %q is neither a keyword of the DICOM dictionary nor written as 00100020 or (0010,0020)", s)
	}
	return Tag(info.Tag.Uint32()), nil
}

// lookup finds t in the dictionary. The repeating groups 50xx and 60xx are
// listed there once, as 5000 and 6000. See PS3.5 7.6.
func lookup(t Tag) (tag.Info, bool) {
	if g := t.Group(); g&0xFF01 == 0x5000 || g&0xFF01 == 0x6000 {
		t &= 0xFF00FFFF
	}
	info, err := tag.Find(tag.Tag{Group: t.Group(), Element: t.Element()})
	return info, err == nil
}
