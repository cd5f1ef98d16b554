package adopt

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

// sysUnlink is the call that newer architectures have only as unlinkat.
const sysUnlink = unix.SYS_UNLINK
