package scp_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
)

// dcmtk finds a program of DCMTK. Without it the test is skipped, and fails
// when PACSUAT_REQUIRE names dcmtk.
func dcmtk(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
		return path
	case slices.Contains(strings.Split(os.Getenv("PACSUAT_REQUIRE"), ","), "dcmtk"):
		t.Fatalf("PACSUAT_REQUIRE names dcmtk, but %s is not installed", program)
	default:
		t.Skipf("DCMTK's %s is not installed", program)
	}
	panic("unreachable")
}

// dcmtkClient runs a program of DCMTK against addr and returns what it printed.
func dcmtkClient(t *testing.T, addr, program string, args ...string) (string, error) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	var options, files []string
	for i, a := range args {
		if a == "--" {
			options, files = args[:i], args[i+1:]
		}
	}
	if options == nil {
		options = args
	}
	all := append([]string{"-aet", "TESTER", "-aec", "SYSTEM"}, options...)
	cmd := exec.CommandContext(within(t), dcmtk(t, program), append(append(all, host, port), files...)...)
	cmd.Env = append(os.Environ(), "TCP_NODELAY=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// dcmtkServer runs a program of DCMTK, whose arguments depend on its port, and
// returns its address when it accepts connections.
func dcmtkServer(t *testing.T, program string, args func(port string) []string) string {
	t.Helper()
	path := dcmtk(t, program)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close() // for the server to take
	_, port, _ := net.SplitHostPort(addr)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, args(port)...)
	cmd.Env = append(os.Environ(), "TCP_NODELAY=1")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }() // it is killed: its error says nothing
	t.Cleanup(func() {
		cancel()
		<-exited
		if t.Failed() {
			t.Logf("%s printed:\n%s", program, out.String())
		}
	})
	// Another process can only be asked whether it listens yet.
	for begin := time.Now(); ; {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
			return addr
		}
		select {
		case <-exited:
			t.Fatalf("%s exited:\n%s", program, out.String())
		case <-time.After(5 * time.Millisecond):
		}
		if time.Since(begin) > deadline {
			t.Fatalf("%s does not listen: %v", program, err)
		}
	}
}

// image is a small CT image that DCMTK's archive can file.
func image(study string, number int) (sopInstanceUID string, encoded []byte) {
	uid := fmt.Sprintf("%s.1.%d", study, number)
	set := dataset.New()
	set.PutString(dataset.SOPClassUID, dimse.CTImageStorage)
	set.PutString(dataset.SOPInstanceUID, uid)
	set.PutString(dataset.StudyDate, "20260102")
	set.PutString(dataset.StudyTime, "030405")
	set.PutString(dataset.AccessionNumber, "A1")
	set.PutString(dataset.Modality, "CT")
	set.PutString(dataset.PatientName, "ZZTEST^INTEROP")
	set.PutString(dataset.PatientID, "ZZTEST1")
	set.PutString(dataset.StudyInstanceUID, study)
	set.PutString(dataset.SeriesInstanceUID, study+".1")
	set.PutString(dataset.StudyID, "S1")
	set.PutString(dataset.SeriesNumber, "1")
	set.PutString(dataset.InstanceNumber, fmt.Sprint(number))
	set.PutUint16(dataset.SamplesPerPixel, 1)
	set.PutString(dataset.PhotometricInterpretation, "MONOCHROME2")
	set.PutUint16(dataset.Rows, 256)
	set.PutUint16(dataset.Columns, 256)
	set.PutUint16(dataset.BitsAllocated, 16)
	set.PutUint16(dataset.BitsStored, 16)
	set.PutUint16(dataset.HighBit, 15)
	set.PutUint16(dataset.PixelRepresentation, 0)
	set.PutBytes(dataset.PixelData, dataset.VROW, content(256*256*2))
	b, err := set.Append(nil, dataset.ExplicitVRLittleEndian)
	if err != nil {
		panic(err)
	}
	return uid, b
}

// imageInstance is image as something to send.
func imageInstance(study string, number int) scp.Instance {
	uid, b := image(study, number)
	return scp.Instance{SOPClassUID: dimse.CTImageStorage, SOPInstanceUID: uid, TransferSyntax: dataset.ExplicitVRLittleEndian,
		Open: func() (io.ReadCloser, int64, error) {
			return io.NopCloser(strings.NewReader(string(b))), int64(len(b)), nil
		}}
}

// files are the data sets of the Part 10 files in a folder, by SOP Instance
// UID.
func files(t *testing.T, dir string) map[string]*dataset.Set {
	t.Helper()
	all := map[string]*dataset.Set{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		_, set, err := dataset.ParseFile(b, dataset.Limits{})
		if err != nil {
			t.Errorf("%s: %v", e.Name(), err)
			continue
		}
		all[set.String(dataset.SOPInstanceUID)] = set
	}
	return all
}

// sameImage compares what DCMTK holds with what was sent.
func sameImage(t *testing.T, got *dataset.Set, study string, number int) {
	t.Helper()
	_, b := image(study, number)
	want, err := dataset.Parse(b, dataset.ExplicitVRLittleEndian, dataset.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got == nil {
		t.Errorf("image %d is missing", number)
		return
	}
	for _, d := range dataset.Compare(want, got, dataset.CompareOptions{}) {
		t.Errorf("image %d: %s", number, d)
	}
}

// TestDCMTKClients has DCMTK's service users use the server.
func TestDCMTKClients(t *testing.T) {
	t.Parallel()
	box := &inbox{}
	boxAddr, _ := serve(t, box.config())
	config := box.config()
	stored := &inbox{}
	config.Store = stored.config().Store
	config.Echo = echoes
	config.Find = finder(3)
	retrieval := func(open func(context.Context) (scp.StoreSender, error)) *scp.Retrieval {
		return &scp.Retrieval{Instances: []scp.Instance{imageInstance("2.25.5", 1), imageInstance("2.25.5", 2)}, Open: open}
	}
	config.Move = func(_ context.Context, _ *scp.Session, r *scp.RetrieveRequest) *scp.Retrieval {
		if r.Destination != "INBOX" {
			return &scp.Retrieval{Status: dimse.StatusMoveDestinationUnknown}
		}
		return retrieval(func(ctx context.Context) (scp.StoreSender, error) {
			return scp.DialStore(ctx, boxAddr, ul.RequestorConfig{CallingAETitle: "SYSTEM", CalledAETitle: "INBOX",
				Contexts: scp.StoreContexts(retrieval(nil).Instances)})
		})
	}
	config.Get = func(context.Context, *scp.Session, *scp.RetrieveRequest) *scp.Retrieval { return retrieval(nil) }
	addr, _ := serve(t, config)

	t.Run("echoscu", func(t *testing.T) {
		if out, err := dcmtkClient(t, addr, "echoscu"); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("storescu", func(t *testing.T) {
		uid, b := image("2.25.6", 1)
		file, err := dataset.AppendFileMeta(nil, dataset.FileMeta{SOPClassUID: dimse.CTImageStorage, SOPInstanceUID: uid,
			TransferSyntax: dataset.ExplicitVRLittleEndian, ImplementationClassUID: ul.ImplementationClassUID})
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "image.dcm")
		if err := os.WriteFile(name, append(file, b...), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := dcmtkClient(t, addr, "storescu", "--", name, name); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		stored.mu.Lock()
		defer stored.mu.Unlock()
		if !slices.Equal(stored.uids, []string{uid, uid}) || !slices.Equal(stored.sizes, []int{len(b), len(b)}) {
			t.Errorf("got %v of %v bytes, want %d", stored.uids, stored.sizes, len(b))
		}
	})
	t.Run("findscu", func(t *testing.T) {
		// finder(3) ends with a cancel only.
		out, err := dcmtkClient(t, addr, "findscu", "-v", "-S", "--cancel", "3", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=2.25.5", "-k", "StudyID")
		if err != nil || strings.Count(out, "2.25.5") < 3 {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("movescu", func(t *testing.T) {
		out, err := dcmtkClient(t, addr, "movescu", "-S", "-aem", "INBOX", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=2.25.5")
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		box.mu.Lock()
		defer box.mu.Unlock()
		if !slices.Equal(box.uids, []string{"2.25.5.1.1", "2.25.5.1.2"}) {
			t.Errorf("arrived %v\n%s", box.uids, out)
		}
		out, _ = dcmtkClient(t, addr, "movescu", "-v", "-S", "-aem", "NOBODY", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=2.25.5")
		if !strings.Contains(out, "MoveDestinationUnknown") {
			t.Errorf("unknown destination:\n%s", out)
		}
	})
	t.Run("getscu", func(t *testing.T) {
		dir := t.TempDir()
		out, err := dcmtkClient(t, addr, "getscu", "-S", "-od", dir, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=2.25.5")
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		got := files(t, dir)
		for number := 1; number <= 2; number++ {
			sameImage(t, got[fmt.Sprintf("2.25.5.1.%d", number)], "2.25.5", number)
		}
	})
}

// store sends image number of a study.
func store(t *testing.T, c *scu.Client, study string, number int) {
	t.Helper()
	uid, b := image(study, number)
	rsp, err := c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, SOPInstanceUID: uid,
		TransferSyntax: dataset.ExplicitVRLittleEndian, DataSet: [][]byte{b[:100], b[100:]}})
	if err != nil || rsp.Status != dimse.StatusSuccess {
		t.Fatalf("C-STORE: %+v, %v", rsp, err)
	}
}

// TestDCMTKStoreSCP stores to storescp.
func TestDCMTKStoreSCP(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	addr := dcmtkServer(t, "storescp", func(port string) []string { return []string{"-od", dir, "--fork", port} })
	c := dial(t, addr)
	if rsp, err := c.Echo(within(t)); err != nil || rsp.Status != dimse.StatusSuccess {
		t.Errorf("C-ECHO: %+v, %v", rsp, err)
	}
	for number := 1; number <= 3; number++ {
		store(t, c, "2.25.7", number)
	}
	release(t, c)
	got := files(t, dir)
	for number := 1; number <= 3; number++ {
		sameImage(t, got[fmt.Sprintf("2.25.7.1.%d", number)], "2.25.7", number)
	}
}

// TestDCMTKArchive stores to, queries and retrieves from dcmqrscp.
func TestDCMTKArchive(t *testing.T) {
	t.Parallel()
	box := &inbox{}
	boxAddr, _ := serve(t, box.config())
	_, boxPort, _ := net.SplitHostPort(boxAddr)
	dir := t.TempDir()
	addr := dcmtkServer(t, "dcmqrscp", func(port string) []string {
		config := filepath.Join(dir, "dcmqrscp.cfg")
		text := fmt.Sprintf("NetworkTCPPort = %s\nMaxPDUSize = 16384\nMaxAssociations = 16\n"+
			"HostTable BEGIN\ninbox = (INBOX, 127.0.0.1, %s)\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"+
			"AETable BEGIN\nSYSTEM %s RW (10, 1024mb) ANY\nAETable END\n", port, boxPort, dir)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{"-c", config, "--single-process"}
	})
	c := dial(t, addr)
	const study1 = "2.25.8"
	for number := 1; number <= 5; number++ {
		store(t, c, study1, number)
	}

	var found []string
	query := study(study1)
	query.PutString(dataset.PatientName)
	rsp, err := c.Find(within(t), scu.FindRequest{SOPClassUID: dimse.StudyRootFind, Identifier: query}, func(m *scu.FindMatch) error {
		found = append(found, m.Identifier.String(dataset.PatientName))
		return nil
	})
	if err != nil || rsp.Status != dimse.StatusSuccess || !slices.Equal(found, []string{"ZZTEST^INTEROP"}) {
		t.Errorf("C-FIND: %+v, %v, %v", rsp, found, err)
	}

	move, _, err := c.Move(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootMove, Destination: "INBOX", Identifier: study(study1)})
	if err != nil || move.Status != dimse.StatusSuccess || move.NumberOfCompletedSuboperations == nil || *move.NumberOfCompletedSuboperations != 5 {
		t.Errorf("C-MOVE: %+v, %v", move, err)
	}
	box.mu.Lock()
	if len(box.uids) != 5 || len(box.originator) != 5 || !strings.HasPrefix(box.originator[0], "TESTER/") {
		t.Errorf("arrived %v from %v", box.uids, box.originator)
	}
	box.mu.Unlock()
	move, _, err = c.Move(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootMove, Destination: "NOBODY", Identifier: study(study1)})
	if err != nil || move.Status != dimse.StatusMoveDestinationUnknown {
		t.Errorf("C-MOVE to an unknown destination: %+v, %v", move, err)
	}

	got := map[string]*dataset.Set{}
	get, _, err := c.Get(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootGet, Identifier: study(study1)},
		func(_ context.Context, sub *scu.SubOperation) dimse.Status {
			b, err := io.ReadAll(sub.Data)
			if err != nil {
				return dimse.StatusProcessingFailure
			}
			set, err := dataset.Parse(b, dataset.TransferSyntax(sub.Context.TransferSyntax), dataset.Limits{})
			if err != nil {
				return dimse.StatusCannotUnderstand
			}
			got[sub.Request.AffectedSOPInstanceUID] = set
			return dimse.StatusSuccess
		})
	if err != nil || get.Status != dimse.StatusSuccess {
		t.Errorf("C-GET: %+v, %v", get, err)
	}
	for number := 1; number <= 5; number++ {
		sameImage(t, got[fmt.Sprintf("%s.1.%d", study1, number)], study1, number)
	}

	// A cancel while the response to the second sub-operation is withheld.
	cancel, sent := make(chan struct{}), make(chan struct{})
	stores := 0
	get, _, err = c.Get(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootGet, Identifier: study(study1),
		Cancel: cancel, CancelSent: func() { close(sent) }},
		func(ctx context.Context, _ *scu.SubOperation) dimse.Status {
			if stores++; stores == 2 {
				close(cancel)
				select {
				case <-sent:
				case <-ctx.Done():
				}
			}
			return dimse.StatusSuccess
		})
	// DCMTK looks for a cancel between sub-operations; one that comes too late
	// loses the race against success, which the standard allows.
	if err != nil || get.Status != dimse.StatusCancel && get.Status != dimse.StatusSuccess {
		t.Errorf("C-GET with cancel: %+v after %d, %v", get, stores, err)
	}
	release(t, c)
}
