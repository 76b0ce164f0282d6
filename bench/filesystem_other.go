//go:build !linux

package bench

// fileSystem cannot tell here whether a directory is on a disk.
func fileSystem(string) string { return "" }
