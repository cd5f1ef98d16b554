package adopt

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_AARCH64

// sysUnlink is no call: this architecture has unlinkat only.
const sysUnlink = 1<<31 - 1
