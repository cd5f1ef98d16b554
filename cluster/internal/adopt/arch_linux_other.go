//go:build linux && !amd64 && !arm64

package adopt

// auditArch matches no architecture: the filter would let every call pass, so
// there is no adoption here.
const auditArch = 0

// sysUnlink is not used.
const sysUnlink = 1<<31 - 1
