package synth

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
)

// maxDeflated bounds the Pixel Data of an instance that is deflated in memory.
const maxDeflated = 64 << 20

// deflated makes one deflated piece of a data set. See PS3.5 A.5.
func deflated(segments [][]byte) ([][]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("synth: deflate: %w", err)
	}
	for _, s := range segments {
		if _, err := w.Write(s); err != nil {
			return nil, fmt.Errorf("synth: deflate: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("synth: deflate: %w", err)
	}
	if b.Len()%2 == 1 {
		b.WriteByte(0)
	}
	return [][]byte{b.Bytes()}, nil
}

// Size returns the length of the bare data set in bytes.
func (in *Instance) Size() int64 {
	n := int64(0)
	for _, s := range in.Segments {
		n += int64(len(s))
	}
	return n
}

// WriteTo writes the bare data set, segment by segment, without copying it.
func (in *Instance) WriteTo(w io.Writer) (int64, error) {
	total := int64(0)
	for _, s := range in.Segments {
		n, err := w.Write(s)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// Reader returns a reader of the bare data set, which copies nothing but into
// the buffers that it is given. Each call returns another reader, at the begin.
func (in *Instance) Reader() io.Reader { return &segmentReader{in.Segments} }

// segmentReader reads segments one after another.
type segmentReader struct{ left [][]byte }

func (r *segmentReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && len(r.left) > 0 {
		k := copy(p[n:], r.left[0])
		n += k
		if r.left[0] = r.left[0][k:]; len(r.left[0]) == 0 {
			r.left = r.left[1:]
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// WriteTo makes io.Copy write the segments as they are.
func (r *segmentReader) WriteTo(w io.Writer) (int64, error) {
	total := int64(0)
	for len(r.left) > 0 {
		n, err := w.Write(r.left[0])
		total += int64(n)
		if err != nil {
			return total, err
		}
		r.left = r.left[1:]
	}
	return total, nil
}
