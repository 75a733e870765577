//go:build !linux

package ul

import "net"

// quickAck does nothing where there is no TCP_QUICKACK.
func quickAck(*net.TCPConn) func() { return nil }
