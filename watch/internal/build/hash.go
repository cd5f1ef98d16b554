package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"syscall"
)

// Hash is the SHA-256 of a binary's content, but for the identification that the
// linker writes into it.
type Hash [sha256.Size]byte

// Short returns the first 12 hexadecimal digits.
func (h Hash) Short() string { return hex.EncodeToString(h[:6]) }

// HashFile returns the hash of a file. A Go binary names the inputs of its build
// (go tool buildid), and so differs after a change of a comment although it is
// the same program: those names are left out.
func HashFile(path string) (Hash, error) {
	f, err := os.Open(path)
	if err != nil {
		return Hash{}, fmt.Errorf("read the build: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, &masked{r: f, gaps: identities(f)}); err != nil {
		return Hash{}, fmt.Errorf("read the build: %w", err)
	}
	return Hash(sum.Sum(nil)), nil
}

// Copy copies an executable.
func Copy(to, from string) (err error) {
	// A process forked meanwhile would hold the file open for writing until it
	// executes its program, and the copy could not be run (ETXTBSY).
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	source, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("copy the program: %w", err)
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return fmt.Errorf("copy the program: %w", err)
	}
	defer func() {
		if closeErr := target.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("copy the program: %w", closeErr)
		}
	}()
	if _, err := io.Copy(target, source); err != nil {
		return fmt.Errorf("copy the program: %w", err)
	}
	return nil
}
