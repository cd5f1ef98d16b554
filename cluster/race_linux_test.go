//go:build race

package cluster

// lighter divides loads: the race detector makes everything several times as slow.
const lighter = 4
