package dataset

// VR is a value representation, two capital letters. See PS3.5 6.2.
type VR string

// The value representations of PS3.5 table 6.2-1.
const (
	VRAE VR = "AE" // application entity
	VRAS VR = "AS" // age string
	VRAT VR = "AT" // attribute tag
	VRCS VR = "CS" // code string
	VRDA VR = "DA" // date
	VRDS VR = "DS" // decimal string
	VRDT VR = "DT" // date time
	VRFL VR = "FL" // floating point single
	VRFD VR = "FD" // floating point double
	VRIS VR = "IS" // integer string
	VRLO VR = "LO" // long string
	VRLT VR = "LT" // long text
	VROB VR = "OB" // other byte
	VROD VR = "OD" // other double
	VROF VR = "OF" // other float
	VROL VR = "OL" // other long
	VROV VR = "OV" // other 64-bit very long
	VROW VR = "OW" // other word
	VRPN VR = "PN" // person name
	VRSH VR = "SH" // short string
	VRSL VR = "SL" // signed long
	VRSQ VR = "SQ" // sequence of items
	VRSS VR = "SS" // signed short
	VRST VR = "ST" // short text
	VRSV VR = "SV" // signed 64-bit very long
	VRTM VR = "TM" // time
	VRUC VR = "UC" // unlimited characters
	VRUI VR = "UI" // unique identifier
	VRUL VR = "UL" // unsigned long
	VRUN VR = "UN" // unknown
	VRUR VR = "UR" // universal resource identifier
	VRUS VR = "US" // unsigned short
	VRUT VR = "UT" // unlimited text
	VRUV VR = "UV" // unsigned 64-bit very long
)

// VROf returns the VR that the dictionary gives t. It is UN for a private element
// and for one that the dictionary does not hold, LO for a private creator and UL
// for a group length. Where the dictionary leaves a choice it returns OW for
// OB or OW and for LUT Data (PS3.5 A.1), and US for US or SS, which depends on
// Pixel Representation (0028,0103).
func VROf(t Tag) VR {
	vr, _ := dictionaryVR(t)
	return vr
}

// dictionaryVR is VROf, and reports whether the dictionary leaves the choice
// between US and SS.
func dictionaryVR(t Tag) (vr VR, usOrSS bool) {
	switch {
	case t.isGroupLength():
		return VRUL, false
	case t.isPrivateCreator():
		return VRLO, false
	case t.IsPrivate():
		return VRUN, false
	case t.Group() == 0:
		return commandVR(t), false
	}
	info, ok := lookup(t)
	if !ok || len(info.VRs) == 0 {
		return VRUN, false
	}
	vr = VR(info.VRs[0])
	switch {
	case vr == "NA": // items and delimiters
		return VRUN, false
	case len(info.VRs) == 1:
		return vr, false
	case info.VRs[len(info.VRs)-1] == string(VROW):
		return VROW, false
	}
	return vr, vr == VRUS && VR(info.VRs[1]) == VRSS
}

// commandVR returns the VR of a command element, which the dictionary in use does
// not hold. See PS3.7 annex E.1.
func commandVR(t Tag) VR {
	switch t.Element() {
	case 0x0002, 0x0003, 0x1000, 0x1001:
		return VRUI
	case 0x0100, 0x0110, 0x0120, 0x0700, 0x0800, 0x0900, 0x0903, 0x1002, 0x1008,
		0x1020, 0x1021, 0x1022, 0x1023, 0x1031:
		return VRUS
	case 0x0600, 0x1030:
		return VRAE
	case 0x0901, 0x1005:
		return VRAT
	case 0x0902:
		return VRLO
	}
	return VRUN
}

// allowsVR reports whether the dictionary lists vr for t.
func allowsVR(t Tag, vr VR) bool {
	info, ok := lookup(t)
	if !ok {
		return false
	}
	for _, v := range info.VRs {
		if VR(v) == vr {
			return true
		}
	}
	return false
}

// knownVR interns a VR read from the wire. It reports false for two bytes that
// are no VR of PS3.5 table 6.2-1.
func knownVR(a, b byte) (VR, bool) {
	switch uint16(a)<<8 | uint16(b) {
	case 'A'<<8 | 'E':
		return VRAE, true
	case 'A'<<8 | 'S':
		return VRAS, true
	case 'A'<<8 | 'T':
		return VRAT, true
	case 'C'<<8 | 'S':
		return VRCS, true
	case 'D'<<8 | 'A':
		return VRDA, true
	case 'D'<<8 | 'S':
		return VRDS, true
	case 'D'<<8 | 'T':
		return VRDT, true
	case 'F'<<8 | 'L':
		return VRFL, true
	case 'F'<<8 | 'D':
		return VRFD, true
	case 'I'<<8 | 'S':
		return VRIS, true
	case 'L'<<8 | 'O':
		return VRLO, true
	case 'L'<<8 | 'T':
		return VRLT, true
	case 'O'<<8 | 'B':
		return VROB, true
	case 'O'<<8 | 'D':
		return VROD, true
	case 'O'<<8 | 'F':
		return VROF, true
	case 'O'<<8 | 'L':
		return VROL, true
	case 'O'<<8 | 'V':
		return VROV, true
	case 'O'<<8 | 'W':
		return VROW, true
	case 'P'<<8 | 'N':
		return VRPN, true
	case 'S'<<8 | 'H':
		return VRSH, true
	case 'S'<<8 | 'L':
		return VRSL, true
	case 'S'<<8 | 'Q':
		return VRSQ, true
	case 'S'<<8 | 'S':
		return VRSS, true
	case 'S'<<8 | 'T':
		return VRST, true
	case 'S'<<8 | 'V':
		return VRSV, true
	case 'T'<<8 | 'M':
		return VRTM, true
	case 'U'<<8 | 'C':
		return VRUC, true
	case 'U'<<8 | 'I':
		return VRUI, true
	case 'U'<<8 | 'L':
		return VRUL, true
	case 'U'<<8 | 'N':
		return VRUN, true
	case 'U'<<8 | 'R':
		return VRUR, true
	case 'U'<<8 | 'S':
		return VRUS, true
	case 'U'<<8 | 'T':
		return VRUT, true
	case 'U'<<8 | 'V':
		return VRUV, true
	}
	return "", false
}

// hasShortLength reports whether vr has a length of 16 bits in an explicit
// encoding. Every other one, also one that is defined after this was written,
// has two reserved bytes and a length of 32 bits. See PS3.5 7.1.2.
func (vr VR) hasShortLength() bool {
	switch vr {
	case VRAE, VRAS, VRAT, VRCS, VRDA, VRDS, VRDT, VRFL, VRFD, VRIS, VRLO, VRLT,
		VRPN, VRSH, VRSL, VRSS, VRST, VRTM, VRUI, VRUL, VRUS:
		return true
	}
	return false
}

// isText reports whether values of vr are characters. UN is not: nobody knows.
func (vr VR) isText() bool {
	switch vr {
	case VRAE, VRAS, VRCS, VRDA, VRDS, VRDT, VRIS, VRLO, VRLT, VRPN, VRSH, VRST,
		VRTM, VRUC, VRUI, VRUR, VRUT:
		return true
	}
	return false
}

// usesCharacterSet reports whether Specific Character Set (0008,0005) applies to
// vr. See PS3.5 6.1.2.2.
func (vr VR) usesCharacterSet() bool {
	switch vr {
	case VRLO, VRLT, VRPN, VRSH, VRST, VRUC, VRUT:
		return true
	}
	return false
}

// isSingleText reports whether vr is text in which a backslash is an ordinary
// character, because it never has more than one value. See PS3.5 6.2.
func (vr VR) isSingleText() bool {
	return vr == VRLT || vr == VRST || vr == VRUT || vr == VRUR
}

// wordSize returns the number of bytes that change their order with the byte
// ordering, 1 for VRs that have none. See PS3.5 7.3.
func (vr VR) wordSize() int {
	switch vr {
	case VRAT, VROW, VRSS, VRUS:
		return 2
	case VRFL, VROF, VROL, VRSL, VRUL:
		return 4
	case VRFD, VROD, VROV, VRSV, VRUV:
		return 8
	}
	return 1
}

// padding returns the byte that makes a value of vr even: a space for text, a
// NUL for UI and for bytes. See PS3.5 6.2.
func (vr VR) padding() byte {
	if vr.isText() && vr != VRUI {
		return ' '
	}
	return 0
}
