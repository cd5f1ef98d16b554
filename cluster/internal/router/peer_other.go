//go:build !linux

package router

// unread says whether it is certain that nobody has read any of the request.
// Only Linux tells.
func (up *upstream) unread(int) bool { return false }
