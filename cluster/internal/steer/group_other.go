//go:build !linux

package steer

import (
	"errors"
	"net"
)

// Group exists on Linux only.
type Group struct{}

// Member exists on Linux only.
type Member struct{}

// Open returns an error: only Linux steers connections.
func Open(string, string) (*Group, error) {
	return nil, errors.New("only Linux can balance in the kernel")
}

// Anchor returns nil here.
func (g *Group) Anchor() *net.TCPListener { return nil }

// Join returns an error here.
func (g *Group) Join(int, int) (*Member, error) { return nil, errors.ErrUnsupported }

// Ready returns 0 here.
func (g *Group) Ready() int { return 0 }

// SetReady does nothing here.
func (m *Member) SetReady(bool) error { return nil }

// Retire does nothing here.
func (m *Member) Retire() error { return nil }

// Leave does nothing here.
func (m *Member) Leave() ([]*net.TCPConn, error) { return nil, nil }

// Listens returns false here.
func (m *Member) Listens() bool { return false }

// Inode returns 0 here.
func (m *Member) Inode() uint32 { return 0 }

// Is returns false here.
func (m *Member) Is(int) bool { return false }

// TakeQueue returns nothing here.
func (m *Member) TakeQueue() []*net.TCPConn { return nil }

// Queue returns 0 here.
func (m *Member) Queue() (int, error) { return 0, nil }
