package router

import "syscall"

// acknowledge has the kernel send at once an acknowledgement that it delays (tcp(7),
// TCP_QUICKACK), in the hope that data would carry it. A test may take its place: all
// that can be seen of it otherwise is that 40 ms do not pass.
var acknowledge = func(fd uintptr) {
	_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
}
