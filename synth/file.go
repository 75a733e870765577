package synth

import (
	"fmt"
	"io"

	"pacsuat/internal/dicom/dataset"
)

// implementationClassUID names pacsuat as the writer of Part 10 files, PS3.7
// D.3.3.2. It is a UID derived from a UUID.
const (
	implementationClassUID    = "2.25.177410387302683911573226310849915207213"
	implementationVersionName = "PACSUAT"
)

// WriteFile writes the instance as a file of PS3.10: preamble, file meta
// information, data set.
func WriteFile(w io.Writer, in *Instance) error {
	meta, err := dataset.AppendFileMeta(nil, dataset.FileMeta{
		SOPClassUID:               in.SOPClassUID,
		SOPInstanceUID:            in.SOPInstanceUID,
		TransferSyntax:            in.TransferSyntax,
		ImplementationClassUID:    implementationClassUID,
		ImplementationVersionName: implementationVersionName,
	})
	if err != nil {
		return fmt.Errorf("synth: file meta information of %s: %w", in.SOPInstanceUID, err)
	}
	if _, err := w.Write(meta); err != nil {
		return err
	}
	_, err = in.WriteTo(w)
	return err
}
