package main

import (
	"math"

	"golang.org/x/sys/windows"
)

// freeSpace returns how many bytes may be written below a folder that there is,
// or will be; false where that is not known.
func freeSpace(dir string) (int64, bool) {
	name, err := windows.UTF16PtrFromString(existing(dir))
	if err != nil {
		return 0, false
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, false
	}
	return int64(min(free, math.MaxInt64)), true
}
