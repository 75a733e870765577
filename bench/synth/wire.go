package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// On a connection each instance is its length, 8 bytes, big endian, and its data
// set in explicit VR little endian. A sender that is done closes its side and is
// answered with how many instances have arrived and were looked at, 8 bytes.

// maxInstance is the longest data set that a receiver takes memory for.
const maxInstance = 2 << 30

// tally counts instances on one side of the connections.
type tally struct {
	Instances int64
	Bytes     int64  // of data sets
	Headers   uint64 // sum of the hashes of everything before the pixels
}

func (t *tally) add(u tally) {
	t.Instances += u.Instances
	t.Bytes += u.Bytes
	t.Headers += u.Headers
}

// message is an instance as it is written: its length and its data set.
type message struct {
	buffers net.Buffers
	tally
}

// newMessage returns the message of a data set in one piece.
func newMessage(segments [][]byte) message {
	var m message
	m.set(make([]byte, 8), segments)
	m.buffers = net.Buffers{slices.Concat(m.buffers...)}
	return m
}

// set makes it that of another data set, in the memory that it has.
func (m *message) set(prefix []byte, segments [][]byte) {
	m.buffers = append(append(m.buffers[:0], prefix), segments...)
	m.tally = tally{Instances: 1, Headers: xxhash.Sum64(segments[0])}
	for _, s := range segments {
		m.Bytes += int64(len(s))
	}
	binary.BigEndian.PutUint64(prefix, uint64(m.Bytes))
}

// sendingEnd is where a sender writes. It must not be shared by goroutines.
type sendingEnd struct {
	conn *net.TCPConn
	tally
	next    net.Buffers // what is left of the message that is being written
	prefix  [8]byte
	message message
}

func dial(ctx context.Context, address string) (*sendingEnd, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%s is no TCP connection", address), conn.Close())
	}
	return &sendingEnd{conn: tcp}, nil
}

// instance writes a data set by one writev, as long as it has few segments.
func (s *sendingEnd) instance(segments [][]byte) error {
	s.message.set(s.prefix[:], segments)
	defer clear(s.message.buffers) // frames must not be held while the next are made
	return s.write(s.message)
}

// write writes a message.
func (s *sendingEnd) write(m message) error {
	s.next = append(s.next[:0], m.buffers...)
	left := s.next // WriteTo takes from it what it has written
	if _, err := left.WriteTo(s.conn); err != nil {
		return err
	}
	s.add(m.tally)
	return nil
}

// finish closes our side and waits until everything was looked at.
func (s *sendingEnd) finish() error {
	if err := s.conn.CloseWrite(); err != nil {
		return err
	}
	var answer [8]byte
	if _, err := io.ReadFull(s.conn, answer[:]); err != nil {
		return fmt.Errorf("waiting for the receiver: %w", err)
	}
	if n := binary.BigEndian.Uint64(answer[:]); n != uint64(s.Instances) {
		return fmt.Errorf("the receiver has %d of %d instances", n, s.Instances)
	}
	return nil
}

// receive reads instances until the sender is done, gives each whole to look, and
// answers. The memory of an instance is used for the next.
func receive(conn *net.TCPConn, look func(instance []byte)) error {
	in := bufio.NewReaderSize(conn, 4<<10) // for the lengths; long reads pass it by
	var instance []byte
	var number [8]byte
	count := uint64(0)
	for {
		switch _, err := io.ReadFull(in, number[:]); {
		case err == io.EOF:
			binary.BigEndian.PutUint64(number[:], count)
			_, err := conn.Write(number[:])
			return err
		case err != nil:
			return fmt.Errorf("after %d instances: %w", count, err)
		}
		n := binary.BigEndian.Uint64(number[:])
		if n > maxInstance {
			return fmt.Errorf("after %d instances one of %d bytes is announced, at most %d can be received", count, n, maxInstance)
		}
		instance = slices.Grow(instance[:0], int(n))[:n]
		if _, err := io.ReadFull(in, instance); err != nil {
			return fmt.Errorf("instance %d of a connection is cut: %w", count+1, err)
		}
		look(instance)
		count++
	}
}
