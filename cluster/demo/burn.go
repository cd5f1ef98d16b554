package demo

import (
	"crypto/sha256"
	"time"
)

// hashFor keeps one core busy for spend and returns how much it did.
func hashFor(spend time.Duration) int {
	var sum [sha256.Size]byte
	rounds := 0
	for start := time.Now(); time.Since(start) < spend; rounds++ {
		for range 100 {
			sum = sha256.Sum256(sum[:])
		}
	}
	return rounds
}
