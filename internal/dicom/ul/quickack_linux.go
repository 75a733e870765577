package ul

import (
	"net"
	"syscall"
)

// quickAck returns a function that makes the kernel acknowledge at once what
// arrives next; the kernel forgets it, so it is called before every read. It
// removes the 40 ms stall of a peer that waits for the acknowledgement of a
// command before it sends the data (Nagle's algorithm against delayed
// acknowledgement). Failure to set it costs time, not correctness.
func quickAck(conn *net.TCPConn) func() {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil
	}
	set := func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	}
	return func() { _ = raw.Control(set) }
}
