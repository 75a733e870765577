package dataset

import (
	"encoding/binary"
	"math"
	"strings"
)

// PutString puts values as they are, without regard to the character set, joined
// with a backslash, padded to an even length as PS3.5 6.2 says, with the VR of
// the dictionary. Without values, or with one "", the element is empty. For a
// private or unknown tag the VR is UN: name it with PutStringVR.
func (s *Set) PutString(t Tag, values ...string) { s.PutStringVR(t, VROf(t), values...) }

// PutStringVR is PutString with a given VR.
func (s *Set) PutStringVR(t Tag, vr VR, values ...string) {
	n := max(0, len(values)-1)
	for _, v := range values {
		n += len(v)
	}
	b := make([]byte, 0, n+1)
	for i, v := range values {
		if i > 0 {
			b = append(b, '\\')
		}
		b = append(b, v...)
	}
	s.Put(Element{Tag: t, VR: vr, Value: pad(b, vr)})
}

// PutText puts values encoded in the set's Specific Character Set (0008,0005),
// which must have been put before, with the VR of the dictionary. It fails, and
// changes nothing, when a character is not in those sets.
func (s *Set) PutText(t Tag, values ...string) error {
	return s.PutTextVR(t, VROf(t), values...)
}

// PutTextVR is PutText with a given VR.
func (s *Set) PutTextVR(t Tag, vr VR, values ...string) error {
	b, err := EncodeText(strings.Join(values, `\`), vr, s.CharacterSet())
	if err != nil {
		return err
	}
	s.Put(Element{Tag: t, VR: vr, Value: pad(b, vr)})
	return nil
}

// PutBytes puts b with a given VR, padded to an even length. b is not copied.
func (s *Set) PutBytes(t Tag, vr VR, b []byte) {
	s.Put(Element{Tag: t, VR: vr, Value: pad(b[:len(b):len(b)], vr)})
}

// PutUint16 puts values as US, or as the VR of the dictionary if that is another
// one of 16-bit words (SS, OW, AT).
func (s *Set) PutUint16(t Tag, values ...uint16) {
	b := make([]byte, 0, 2*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	s.Put(Element{Tag: t, VR: wordVR(t, VRUS), Value: b})
}

// PutUint32 puts values as UL, or as the VR of the dictionary if that is another
// one of 32-bit words (SL, OL).
func (s *Set) PutUint32(t Tag, values ...uint32) {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	s.Put(Element{Tag: t, VR: wordVR(t, VRUL), Value: b})
}

// PutUint64 puts values as UV, or as the VR of the dictionary if that is another
// one of 64-bit words (SV, OV).
func (s *Set) PutUint64(t Tag, values ...uint64) {
	b := make([]byte, 0, 8*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	s.Put(Element{Tag: t, VR: wordVR(t, VRUV), Value: b})
}

// PutFloat32 puts values as FL, or as OF if the dictionary says so.
func (s *Set) PutFloat32(t Tag, values ...float32) {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	vr := VRFL
	if VROf(t) == VROF {
		vr = VROF
	}
	s.Put(Element{Tag: t, VR: vr, Value: b})
}

// PutFloat64 puts values as FD, or as OD if the dictionary says so.
func (s *Set) PutFloat64(t Tag, values ...float64) {
	b := make([]byte, 0, 8*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	vr := VRFD
	if VROf(t) == VROD {
		vr = VROD
	}
	s.Put(Element{Tag: t, VR: vr, Value: b})
}

// PutTags puts tags as the values of an AT.
func (s *Set) PutTags(t Tag, values ...Tag) {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, v.Group())
		b = binary.LittleEndian.AppendUint16(b, v.Element())
	}
	s.Put(Element{Tag: t, VR: VRAT, Value: b})
}

// PutSequence puts a sequence with defined lengths; without items it is empty.
// The items belong to s from then on.
func (s *Set) PutSequence(t Tag, items ...*Set) {
	s.Put(Element{Tag: t, VR: VRSQ, Items: items})
}

// wordVR returns the VR of the dictionary for t if its words are as wide as those
// of vr and no floating point numbers, and vr otherwise.
func wordVR(t Tag, vr VR) VR {
	switch d := VROf(t); d {
	case VRFL, VROF, VRFD, VROD:
		return vr
	default:
		if d.wordSize() == vr.wordSize() {
			return d
		}
		return vr
	}
}

// pad makes b even. See PS3.5 6.2.
func pad(b []byte, vr VR) []byte {
	if len(b)%2 == 1 {
		b = append(b, vr.padding())
	}
	return b
}
