package dimse

import (
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

func TestStatusClass(t *testing.T) {
	t.Parallel()
	for s, want := range map[Status]StatusClass{
		0x0000: Success, 0x0001: Warning, 0x0107: Warning, 0x0116: Warning,
		0xB000: Warning, 0xB006: Warning, 0xB007: Warning, 0xBFFF: Warning,
		0xFF00: Pending, 0xFF01: Pending, 0xFE00: Cancel,
		0x0110: Failure, 0x0111: Failure, 0x0122: Failure, 0x0213: Failure,
		0xA700: Failure, 0xA7FF: Failure, 0xA801: Failure, 0xA900: Failure, 0xAA04: Failure,
		0xC000: Failure, 0xCFFF: Failure,
		0x0002: Failure, 0xD000: Failure, 0xFF02: Failure, 0xFE01: Failure, 0xFFFF: Failure, // in no table
	} {
		if got := s.Class(); got != want {
			t.Errorf("%04X is %s, want %s", uint16(s), got, want)
		}
		if got := s.IsFinal(); got != (want != Pending) {
			t.Errorf("%04X final: %t", uint16(s), got)
		}
	}
	var zero StatusClass
	if zero != Failure {
		t.Error("the zero class is not failure")
	}
}

func TestStatusWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status Status
		field  CommandField
		want   string
	}{
		{0xA700, 0, "0xA700 out of resources"},
		{0xA7AB, CommandCStoreRQ, "0xA7AB refused: out of resources"},
		{0xB000, CommandCStoreRSP, "0xB000 warning: coercion of data elements"},
		{0xB000, CommandCMoveRQ, "0xB000 warning: sub-operations complete, one or more failures or warnings"},
		{0xB000, 0, "0xB000 warning"},
		{0xFF01, CommandCFindRSP, "0xFF01 pending: one or more optional keys were not supported"},
		{0xA801, CommandCMoveRSP, "0xA801 refused: move destination unknown"},
		{0x0122, CommandCGetRQ, "0x0122 SOP class not supported"},
		{0x0000, CommandCFindRQ, "0x0000 success"},
		{0xFFFF, 0, "0xFFFF failure"},
	} {
		if got := test.status.Describe(test.field); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	if got := StatusOutOfResources.String(); got != "0xA700 out of resources" {
		t.Errorf("String: %q", got)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		CommandCStoreRQ.String():                  "C-STORE-RQ",
		CommandCGetRSP.String():                   "C-GET-RSP",
		CommandCCancelRQ.String():                 "C-CANCEL-RQ",
		CommandNEventReportRQ.Response().String(): "N-EVENT-REPORT-RSP",
		CommandField(0x4242).String():             "command 0x4242",
		PriorityHigh.String():                     "HIGH",
		Priority(9).String():                      "priority 0x0009",
		SOPClassName(CTImageStorage):              "CT Image Storage",
		SOPClassName(VerificationSOPClass):        "Verification",
		SOPClassName("1.2.3"):                     "1.2.3",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestStorageClasses holds the table to what every row must be.
func TestStorageClasses(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range StorageClasses() {
		if seen[c.UID] || seen[c.Name] {
			t.Errorf("%s is listed twice", c.Name)
		}
		seen[c.UID], seen[c.Name] = true, true
		if !strings.HasPrefix(c.UID, "1.2.840.10008.5.1.4.1.1.") || c.Modality == "" || !IsStorageClass(c.UID) {
			t.Errorf("%+v", c)
		}
	}
	if IsStorageClass(VerificationSOPClass) {
		t.Error("Verification is not a storage class")
	}
	if (&NoContextError{AbstractSyntax: CTImageStorage, TransferSyntax: string(dataset.ImplicitVRLittleEndian)}).Error() !=
		"dimse: no presentation context was accepted for CT Image Storage in "+dataset.ImplicitVRLittleEndian.Name() {
		t.Error("the error does not name what was missing")
	}
}
