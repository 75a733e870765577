//go:build !unix

package machine

import "time"

// CPU cannot be told here: it is 0.
func CPU() time.Duration { return 0 }
