package scp_test

import (
	"context"
	"io"
	"net"
	"testing"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/scu"
)

// BenchmarkStore is a CT image of 512 KiB over loopback, from client to handler.
func BenchmarkStore(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	server := scp.NewServer(scp.Config{Acceptor: everything, Store: func(_ context.Context, _ *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
		if _, err := io.Copy(io.Discard, r.Data); err != nil {
			return nil
		}
		return &dimse.CStoreRSP{}
	}})
	go func() { served <- server.Serve(ctx, l) }()
	defer func() { cancel(); <-served }()
	c, err := scu.Dial(ctx, l.Addr().String(), requestor())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	data := [][]byte{content(1000), content(512 << 10)}
	b.SetBytes(512<<10 + 1000)
	b.ReportAllocs()
	for b.Loop() {
		rsp, err := c.Store(ctx, scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, SOPInstanceUID: "2.25.1",
			TransferSyntax: dataset.ExplicitVRLittleEndian, DataSet: data})
		if err != nil || rsp.Status != dimse.StatusSuccess {
			b.Fatalf("%+v, %v", rsp, err)
		}
	}
}
