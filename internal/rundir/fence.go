package rundir

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
)

// minFenceKey is the shortest key that a Fence takes from its caller.
const minFenceKey = 16

// Fence reduces what a system answered before it may be written anywhere: to
// observations, captures, logs or error texts. A value passes as it is only if
// this run generated it, or if its tag is on the closed list of harmless ones
// and it has the form of such a value. Everything else becomes a keyed hash
// and a length: equal values stay recognisable within a run, and only there.
//
// A Fence is safe for concurrent use.
type Fence struct {
	key []byte

	mu  sync.RWMutex
	own map[string]struct{}
}

// NewFence makes a Fence. The key must be secret, drawn for this run and never
// written: Patient IDs have so little entropy that whoever holds the key finds
// them by trying. The nonce of an execution is written, and so is no key. A key
// under 16 bytes is not used; a random one is drawn instead.
func NewFence(key []byte) *Fence {
	f := &Fence{own: make(map[string]struct{})}
	if len(key) < minFenceKey {
		f.key = make([]byte, sha256.Size)
		_, _ = rand.Read(f.key) // never fails: crypto/rand ends the process instead
		return f
	}
	f.key = append(f.key, key...)
	return f
}

// Own registers values that this run generated, or that its description holds
// (AE titles, names of systems). Padding (PS3.5 6.2) is not part of a value.
func (f *Fence) Own(values ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range values {
		if v = unpadded(v); v != "" {
			f.own[v] = struct{}{}
		}
	}
}

// IsOwn reports whether v is a registered value.
func (f *Fence) IsOwn(v string) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	_, ok := f.own[unpadded(v)]
	return ok
}

// Value returns a value of the tag (0xGGGGEEEE) as it may be written. Several
// values joined by a backslash pass if each of them does. An empty value says
// nothing and stays empty.
func (f *Fence) Value(tag uint32, v string) string {
	v = unpadded(v)
	if v == "" || f.IsOwn(v) {
		return v
	}
	form := harmless[tag]
	for _, one := range strings.Split(v, `\`) {
		one = strings.Trim(one, " ")
		if one != "" && !f.IsOwn(one) && (form == nil || !form(one)) {
			return f.reduce(v)
		}
	}
	return v
}

// Text returns free text of a peer (an Error Comment, an HTTP body) as it may
// be written: always reduced, for nobody knows what is in it. An empty text
// stays empty.
func (f *Fence) Text(s string) string {
	if s == "" {
		return ""
	}
	return f.reduce(s)
}

// reduce gives "#" and 48 bits of an HMAC-SHA256, enough to tell the values of
// one run apart, and the length.
func (f *Fence) reduce(v string) string {
	mac := hmac.New(sha256.New, f.key)
	mac.Write([]byte(v))
	return fmt.Sprintf("#%s (%d bytes)", hex.EncodeToString(mac.Sum(nil)[:6]), len(v))
}

func unpadded(v string) string { return strings.Trim(v, " \x00") }

// harmless is the closed list of tags whose values say nothing about a person,
// each with the form that a value must have to pass: a name in a field of
// numbers stays behind the fence.
var harmless = map[uint32]func(string) bool{
	// Command elements, PS3.7 Annex E.
	0x00000002: isStandardUID, // AffectedSOPClassUID
	0x00000003: isStandardUID, // RequestedSOPClassUID
	0x00000100: isNumber,      // CommandField
	0x00000110: isNumber,      // MessageID
	0x00000120: isNumber,      // MessageIDBeingRespondedTo
	0x00000700: isNumber,      // Priority
	0x00000800: isNumber,      // CommandDataSetType
	0x00000900: isNumber,      // Status
	0x00000903: isNumber,      // ErrorID
	0x00001020: isNumber,      // NumberOfRemainingSuboperations
	0x00001021: isNumber,      // NumberOfCompletedSuboperations
	0x00001022: isNumber,      // NumberOfFailedSuboperations
	0x00001023: isNumber,      // NumberOfWarningSuboperations

	// File meta and what kind of object it is.
	0x00020002: isStandardUID, // MediaStorageSOPClassUID
	0x00020010: isStandardUID, // TransferSyntaxUID
	0x00080005: isCharSet,     // SpecificCharacterSet
	0x00080008: isCode,        // ImageType
	0x00080016: isStandardUID, // SOPClassUID
	0x00080052: isCode,        // QueryRetrieveLevel
	0x00080056: isCode,        // InstanceAvailability
	0x00080060: isCode,        // Modality
	0x00080061: isCode,        // ModalitiesInStudy
	0x00080062: isStandardUID, // SOPClassesInStudy
	0x00080064: isCode,        // ConversionType

	// Counts.
	0x00200013: isNumber, // InstanceNumber
	0x00200011: isNumber, // SeriesNumber
	0x00201200: isNumber, // NumberOfPatientRelatedStudies
	0x00201202: isNumber, // NumberOfPatientRelatedSeries
	0x00201204: isNumber, // NumberOfPatientRelatedInstances
	0x00201206: isNumber, // NumberOfStudyRelatedSeries
	0x00201208: isNumber, // NumberOfStudyRelatedInstances
	0x00201209: isNumber, // NumberOfSeriesRelatedInstances
	0x00280008: isNumber, // NumberOfFrames

	// How pixels are laid out, PS3.3 C.7.6.3.
	0x00280002: isNumber, // SamplesPerPixel
	0x00280004: isCode,   // PhotometricInterpretation
	0x00280006: isNumber, // PlanarConfiguration
	0x00280010: isNumber, // Rows
	0x00280011: isNumber, // Columns
	0x00280030: isNumber, // PixelSpacing
	0x00280100: isNumber, // BitsAllocated
	0x00280101: isNumber, // BitsStored
	0x00280102: isNumber, // HighBit
	0x00280103: isNumber, // PixelRepresentation
	0x00281050: isNumber, // WindowCenter
	0x00281051: isNumber, // WindowWidth
	0x00281052: isNumber, // RescaleIntercept
	0x00281053: isNumber, // RescaleSlope
	0x00282110: isCode,   // LossyImageCompression
}

// isStandardUID passes UIDs that DICOM itself registers (PS3.6 Annex A): a
// private class or syntax names its maker, and under other roots a UID may
// name a study.
func isStandardUID(v string) bool {
	rest, ok := strings.CutPrefix(v, "1.2.840.10008.")
	return ok && rest != "" && len(v) <= 64 && only(rest, "0123456789.")
}

// isNumber passes integer and decimal strings of up to 16 bytes.
func isNumber(v string) bool {
	return len(v) <= 16 && strings.ContainsAny(v, "0123456789") && only(v, "0123456789+-.eE")
}

// isCode passes coded strings of one word, PS3.5 6.2 CS. A space would let
// names of people through.
func isCode(v string) bool {
	return len(v) <= 16 && only(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
}

// isCharSet passes the defined terms of Specific Character Set, PS3.3
// C.12.1.1.2.
func isCharSet(v string) bool {
	return v == "GB18030" || v == "GBK" ||
		len(v) <= 16 && (strings.HasPrefix(v, "ISO_IR ") || strings.HasPrefix(v, "ISO 2022 IR ")) &&
			only(v[strings.LastIndexByte(v, ' ')+1:], "0123456789")
}

func only(v, chars string) bool { return strings.Trim(v, chars) == "" }
