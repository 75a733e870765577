package synth

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"math/bits"
	"strings"

	"pacsuat/synth/draw"
)

// Limits of PS3.5 table 6.2-1, in characters.
const (
	maxUIDLength       = 64
	maxPatientIDLength = 64
	maxNameGroupLength = 64
	maxAccessionLength = 16
)

// Fence says how a synthetic patient is told from a real one. Its zero value
// means the defaults; see the fields.
type Fence struct {
	// PatientIDPrefix begins every Patient ID. Default "ZZTEST".
	PatientIDPrefix string

	// PatientIDFormat is what follows the prefix, character by character:
	//
	//	#  a digit
	//	@  a capital letter
	//	%  a digit or capital letter, without I, L, O and U
	//	!  a letter that is not the check letter of the letter and seven digits
	//	   before it under any scheme of Singapore's national IDs
	//
	// and anything else is itself. Default "%%%%%%%%%%%%" (60 bits); a
	// national-ID-like one is "S#######!", which leaves 23 bits only: of a few
	// thousand patients of identities two will share an ID, so add some "%". The
	// people of a Population share none as long as there are enough.
	PatientIDFormat string

	// Issuer is the Issuer of Patient ID. Default "PACSUAT-SYNTHETIC".
	Issuer string

	// UIDRoot begins every UID. Default "2.25", the root of UIDs derived from
	// a UUID, see PS3.5 B.2.
	UIDRoot string

	// NamePrefix begins every component group of Patient's Name, followed by a
	// hyphen. Default "ZZTEST".
	NamePrefix string
}

// WithDefaults returns f with its empty fields filled.
func (f Fence) WithDefaults() Fence {
	fill := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	fill(&f.PatientIDPrefix, "ZZTEST")
	fill(&f.PatientIDFormat, "%%%%%%%%%%%%")
	fill(&f.Issuer, "PACSUAT-SYNTHETIC")
	fill(&f.UIDRoot, "2.25")
	fill(&f.NamePrefix, "ZZTEST")
	return f
}

// Check says what is wrong with the fence: a Patient ID that would be too long
// or hold a character that LO forbids, a name prefix that leaves no room for a
// name, a UID root that leaves fewer than 20 digits for the hash.
func (f Fence) Check() error {
	f = f.WithDefaults()
	if n := len(f.PatientIDPrefix) + len(f.PatientIDFormat); n > maxPatientIDLength {
		return fmt.Errorf("synth: fence: a Patient ID of %d characters, at most %d are allowed (VR LO)", n, maxPatientIDLength)
	}
	for _, s := range []string{f.PatientIDPrefix, f.PatientIDFormat, f.Issuer, f.NamePrefix} {
		if !plainText(s) {
			return fmt.Errorf("synth: fence: %q holds a backslash or a character outside printable ASCII", s)
		}
	}
	if strings.TrimSpace(f.PatientIDPrefix) != f.PatientIDPrefix || strings.TrimSpace(f.NamePrefix) != f.NamePrefix {
		return fmt.Errorf("synth: fence: a prefix must not begin or end with a space, systems trim it")
	}
	if strings.ContainsAny(f.NamePrefix, "^=") {
		return fmt.Errorf("synth: fence: name prefix %q holds a delimiter of PN", f.NamePrefix)
	}
	if len(f.NamePrefix) > 20 {
		return fmt.Errorf("synth: fence: name prefix %q is longer than 20 characters", f.NamePrefix)
	}
	if len(f.Issuer) > 64 {
		return fmt.Errorf("synth: fence: issuer of %d characters, at most 64 are allowed (VR LO)", len(f.Issuer))
	}
	if !ValidUID(f.UIDRoot) {
		return fmt.Errorf("synth: fence: UID root %q is not a UID (PS3.5 section 9)", f.UIDRoot)
	}
	if len(f.UIDRoot) > maxUIDLength-21 {
		return fmt.Errorf("synth: fence: UID root %q leaves no room for a unique part", f.UIDRoot)
	}
	return nil
}

func plainText(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E || s[i] == '\\' {
			return false
		}
	}
	return true
}

// ValidUID says whether s is a UID by PS3.5 9.1: at most 64 characters, numeric
// components, none empty and none with a leading zero.
func ValidUID(s string) bool {
	if s == "" || len(s) > maxUIDLength {
		return false
	}
	for c := range strings.SplitSeq(s, ".") {
		if c == "" || (len(c) > 1 && c[0] == '0') || strings.Trim(c, "0123456789") != "" {
			return false
		}
	}
	return true
}

// Identity names everything that one scenario's attempt creates. It is a pure
// function of what NewIdentity was given: asked twice it answers the same, and
// identities that differ in any field share nothing.
type Identity struct {
	key   [sha256.Size]byte
	fence Fence
	err   error // what is wrong with the fence; NewStudy returns it

	// What it was made from, for a manifest.
	nonce, scope, scenario string
	attempt                int
}

// NewIdentity returns the identity of an attempt of a scenario. The nonce is
// drawn anew for every execution; the scope is the cell, or the cluster for
// patients that several sites share. A fence that cannot be used is reported
// by NewStudy, or beforehand by Fence.Check.
func NewIdentity(nonce, scope, scenario string, attempt int, f Fence) *Identity {
	h := sha256.New()
	writeField(h.Write, "pacsuat/identity/1")
	writeField(h.Write, nonce)
	writeField(h.Write, scope)
	writeField(h.Write, scenario)
	writeNumber(h.Write, attempt)
	i := &Identity{fence: f.WithDefaults(), err: f.Check(), nonce: nonce, scope: scope, scenario: scenario, attempt: attempt}
	h.Sum(i.key[:0])
	return i
}

// Fence returns the identity's fence, defaults filled in.
func (i *Identity) Fence() Fence { return i.fence }

// writeField writes s behind its length, so that no two lists of fields are
// the same bytes.
func writeField(write func([]byte) (int, error), s string) {
	writeNumber(write, len(s))
	_, _ = write([]byte(s)) // a hash's Write never fails
}

func writeNumber(write func([]byte) (int, error), n int) {
	_, _ = write(binary.BigEndian.AppendUint64(nil, uint64(n)))
}

// hash is made for every instance: it takes no memory but that of its result.
func (i *Identity) hash(kind string, index []int) [sha256.Size]byte {
	var room [256]byte
	b := append(room[:0], i.key[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(kind)))
	b = append(b, kind...)
	for _, n := range index {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return sha256.Sum256(b)
}

// UID returns the UID of the thing named by kind and index. Under the default
// root it is "2.25." and the decimal of a version 8 UUID (RFC 9562), at most 44
// characters (PS3.5 B.2); under another root the number is cut to what fits.
func (i *Identity) UID(kind string, index ...int) string {
	sum := i.hash("uid/"+kind, index)
	sum[6] = sum[6]&0x0F | 0x80 // version 8: the content is ours
	sum[8] = sum[8]&0x3F | 0x80 // variant of RFC 9562
	number := decimal128(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16]))
	if room := maxUIDLength - len(i.fence.UIDRoot) - 1; len(number) > room {
		number = strings.TrimLeft(number[len(number)-room:], "0")
	}
	return i.fence.UIDRoot + "." + number
}

// decimal128 formats high x 2^64 + low.
func decimal128(high, low uint64) string {
	var digits [39]byte // of 2^128 - 1
	at := len(digits)
	for {
		var rest uint64
		high, rest = high/10, high%10
		low, rest = bits.Div64(rest, low, 10)
		at--
		digits[at] = '0' + byte(rest)
		if high == 0 && low == 0 {
			return string(digits[at:])
		}
	}
}

// longUID is UID lengthened to exactly 64 characters by a further component,
// the longest that PS3.5 9.1 allows.
func (i *Identity) longUID(kind string, index ...int) string {
	uid := i.UID(kind, index...)
	room := maxUIDLength - len(uid) - 1
	if room < 1 {
		return uid
	}
	sum := i.hash("uid/long/"+kind, index)
	digits := new(big.Int).SetBytes(append([]byte{0xFF}, sum[:]...)).String()
	return uid + "." + digits[:room] // the first digit is never a zero
}

// Accession returns the accession number of the study of that index: 16
// characters, the most that SH allows, 14 of them (70 bits) from the hash.
func (i *Identity) Accession(index int) string {
	sum := i.hash("accession", []int{index})
	return "ZZ" + crockford(sum[:], maxAccessionLength-2)
}

const crockfordAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// crockford returns n characters of Crockford's base 32, one a byte of b.
func crockford(b []byte, n int) string {
	out := make([]byte, n)
	for j := range out {
		out[j] = crockfordAlphabet[b[j]%32]
	}
	return string(out)
}

// patientID returns the Patient ID by the fence's format.
func (i *Identity) patientID(index int) string {
	d := draw.FromSum(i.hash("patient-id", []int{index}))
	id := []byte(i.fence.PatientIDPrefix)
	start := len(id)
	for _, c := range []byte(i.fence.PatientIDFormat) {
		switch c {
		case '#':
			c = '0' + byte(d.Below(10))
		case '@':
			c = 'A' + byte(d.Below(26))
		case '%':
			c = crockfordAlphabet[d.Below(32)]
		case '!':
			c = wrongCheckLetter(id[start:], d.Below(26))
		}
		id = append(id, c)
	}
	return string(id)
}

// wrongCheckLetter returns a capital letter, chosen by n, that is not the check
// letter of the seven digits at the end of id under any of the schemes of
// Singapore's NRIC and FIN (first letters S, T, F, G, M).
func wrongCheckLetter(id []byte, n int) byte {
	var right string
	if len(id) >= 7 {
		right = checkLetters(id[len(id)-7:])
	}
	for {
		if c := 'A' + byte(n%26); strings.IndexByte(right, c) < 0 {
			return c
		}
		n++
	}
}

// checkLetters returns the check letters that seven digits have under the five
// schemes: the sum of the digits weighted 2 7 6 5 4 3 2, plus 4 for T and G and
// 3 for M, modulo 11, looked up in the scheme's table.
func checkLetters(digits []byte) string {
	weights := [7]int{2, 7, 6, 5, 4, 3, 2}
	sum := 0
	for j, w := range weights {
		sum += w * int(digits[j]-'0')
	}
	return string([]byte{
		"JZIHGFEDCBA"[sum%11],
		"JZIHGFEDCBA"[(sum+4)%11],
		"XWUTRQPNMLK"[sum%11],
		"XWUTRQPNMLK"[(sum+4)%11],
		"KLJNPQRTUWX"[10-(sum+3)%11],
	})
}
