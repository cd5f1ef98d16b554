package router

import (
	"math"
	"time"
)

// Clock time is in nanoseconds since the program started. It is what
// time.Since reads cheapest, and it never jumps.

const maxTime = math.MaxInt64

var began = time.Now()

func clock() int64 { return int64(time.Since(began)) }
