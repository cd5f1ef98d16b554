"""What servers do with sockets, one function a way: python3 sockets.py WAY [ARG...]

What a test is to see is printed, one line a fact. A way that serves answers
each connection with the pid of who accepted it.
"""
import ctypes
import errno
import os
import select
import shutil
import signal
import socket
import struct
import sys
import threading

V4, V6 = socket.AF_INET, socket.AF_INET6


def say(*words):
    print(*words, flush=True)


def tcp(family=V4, **options):
    s = socket.socket(family, socket.SOCK_STREAM)
    for name, value in options.items():
        level = socket.IPPROTO_IPV6 if name.startswith("IPV6") else socket.SOL_SOCKET
        s.setsockopt(level, getattr(socket, name), value)
    return s


def outcome(call, *args):
    try:
        call(*args)
        return "ok"
    except OSError as e:
        return errno.errorcode[e.errno]


def answer(s):
    while True:
        c, _ = s.accept()
        c.sendall(b"%d\n" % os.getpid())
        c.close()


def serve(host, port, v6only=""):
    s = tcp(V6 if ":" in host else V4, SO_REUSEADDR=1)
    if v6only:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(v6only))
    s.bind((host, int(port)))
    s.listen(1)
    answer(s)


def again(port):
    for _ in range(3):
        s = tcp()
        say(outcome(s.bind, ("127.0.0.1", int(port))))
        s.listen()
        s.close()
    serve("127.0.0.1", port)


def second(port, reuseport):
    options = {"SO_REUSEPORT": 1} if int(reuseport) else {}
    one, two = tcp(**options), tcp(**options)
    one.bind(("127.0.0.1", int(port)))
    one.listen()
    say(outcome(two.bind, ("127.0.0.1", int(port))))
    say(outcome(two.listen))


def leaderless(port, sys_exit):
    """Serve from a second thread, once the first one has ended."""
    first = threading.main_thread().native_id

    def later():
        while True:
            with open("/proc/%d/stat" % first) as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    break
        s = tcp()
        s.bind(("127.0.0.1", int(port)))
        s.listen()
        say("listens")
        answer(s)

    threading.Thread(target=later).start()
    ctypes.CDLL(None).syscall(int(sys_exit), 0)  # of this thread only, exit(2)


def bind(port):
    say(outcome(tcp().bind, ("127.0.0.1", int(port))))


def twice(port):
    s = tcp()
    s.bind(("127.0.0.1", int(port)))
    say(outcome(s.bind, ("127.0.0.1", int(port) + 1)))


def prefork(port):
    s = tcp()
    s.bind(("0.0.0.0", int(port)))
    s.listen()
    for _ in range(2):
        if os.fork() == 0:
            answer(s)
    signal.pause()


def latelisten(port):
    s = tcp(SO_REUSEADDR=1)
    s.bind(("0.0.0.0", int(port)))
    for _ in range(2):
        if os.fork() == 0:
            s.listen()
            answer(s)
    signal.pause()


def zero():
    s = tcp()
    s.bind(("127.0.0.1", 0))
    s.listen()
    say(s.getsockname()[1])
    answer(s)


def udp(port):
    s = socket.socket(V4, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", int(port)))
    say("bound")
    while True:
        _, sender = s.recvfrom(100)
        s.sendto(b"%d\n" % os.getpid(), sender)


def client(port):
    for bound in True, False:
        s = tcp()
        if bound:
            s.bind(("127.0.0.1", 0))
        s.connect(("127.0.0.1", int(port)))
        say(s.makefile().readline().strip())


def fixedclient(source, port):
    s = tcp(SO_REUSEADDR=1)
    poller = select.epoll()
    poller.register(s, select.EPOLLIN)
    s.bind(("0.0.0.0", int(source)))
    say(*s.getsockname())
    s.connect(("127.0.0.1", int(port)))
    poller.poll()
    say(s.makefile().readline().strip())


def unix(path, kind="STREAM", directory=""):
    """Make a server of a Unix socket, whose path may be relative to a directory."""
    if directory:
        os.chdir(directory)
    os.umask(0o027)
    s = local(path, kind)
    say(outcome(s.bind, address(path)))
    s.listen(5)
    answer(s)


def address(path):
    return "\0" + path[1:] if path[0] == "@" else path


def local(path, kind="STREAM"):
    return socket.socket(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))


def unixremoved(path):
    if os.path.exists(path):
        os.remove(path)
    unix(path)


def unixremove(path, count):
    say("removes")
    while True:
        for i in range(int(count)):
            outcome(os.unlink, path + str(i))


def unixmany(path, count):
    kept = []
    for i in range(int(count)):
        s = local(path)
        s.bind(path + str(i))
        s.listen(5)
        kept.append(s)
    say("bound")
    signal.pause()


def unixuser(path, user):
    """Become another user, then serve."""
    os.setgroups([])
    os.setresgid(int(user), int(user), int(user))
    os.setresuid(int(user), int(user), int(user))
    unix(path)


def unixelsewhere(path, clone_newns):
    """Serve from a mount namespace of its own."""
    say(ctypes.CDLL(None).unshare(int(clone_newns)))
    unix(path)


def unixanew(path):
    """Bind a second socket beside the first, with and without its file; then serve."""
    one = local(path)
    one.bind(path)
    one.listen(5)
    say(outcome(local(path).bind, path))
    os.unlink(path)
    two = local(path)
    say(outcome(two.bind, path))
    one.close()
    two.close()
    three = local(path)
    say(outcome(three.bind, path))
    three.listen(5)
    answer(three)


def unixgone(path):
    """Serve; at the end of input remove the file, and say whether that worked."""
    s = local(path)
    say(outcome(s.bind, path))
    s.listen(5)
    threading.Thread(target=answer, args=(s,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: (say(outcome(os.unlink, path)), os._exit(0)))
    say("serves")
    signal.pause()


def unixfacts(path, inherited):
    """Say what bind and listen have changed of a descriptor, then serve by epoll."""
    s = local(path)
    s.setblocking(False)
    os.set_inheritable(s.fileno(), bool(int(inherited)))
    poller = select.epoll()
    poller.register(s, select.EPOLLIN)

    def facts():
        return [s.fileno(), os.get_blocking(s.fileno()), os.get_inheritable(s.fileno())]

    before = facts()
    s.bind(path)
    s.listen(5)
    say("same" if facts() == before else f"{before} became {facts()}")
    say(s.getsockname())
    while True:
        poller.poll()
        try:
            c, _ = s.accept()
        except BlockingIOError:
            continue
        c.sendall(b"%d\n" % os.getpid())
        c.close()


def unixclient(source, path):
    """Connect from a path of its own, hang up, and stay."""
    s = local(source)
    s.bind(source)
    s.connect(path)
    s.close()
    say("closed")
    signal.pause()


def remove(directory):
    """Remove files in every way, from a directory with files a and b/c."""
    os.chdir(directory)
    say(outcome(os.unlink, "a"), outcome(os.unlink, "a"), outcome(shutil.rmtree, "b"), outcome(os.rmdir, "d"))
    say(*os.listdir("."))


def epoll(port):
    s = tcp()
    s.setblocking(False)
    poller = select.epoll()
    poller.register(s, select.EPOLLIN | select.EPOLLET)
    copy = os.dup(s.fileno())
    s.bind(("127.0.0.1", int(port)))
    s.listen()
    while True:
        for fd, event in poller.poll():
            if fd == s.fileno() and event & select.EPOLLIN:
                c, _ = socket.socket(fileno=os.dup(copy)).accept()
                c.sendall(b"%d\n" % os.getpid())
                c.close()


def options(port, reuseaddr):
    s = tcp(SO_REUSEADDR=int(reuseaddr), SO_KEEPALIVE=1, SO_RCVBUF=54321, SO_LINGER=struct.pack("ii", 1, 7))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
    s.setblocking(False)

    os.set_inheritable(s.fileno(), not int(reuseaddr))

    def facts():
        return [
            s.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR),
            s.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE),
            s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF),
            s.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
            s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8),
            s.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY),
            s.getsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT),
            s.fileno(),
            os.get_blocking(s.fileno()),
            os.get_inheritable(s.fileno()),
        ]

    before = facts()
    s.bind(("127.0.0.1", int(port)))
    s.listen()
    say("same" if facts() == before else f"{before} became {facts()}")


def open_files():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            os.fstat(int(name))
            found.append(int(name))
        except OSError:
            pass  # the one that listed the directory
    return sorted(found)


def inherited():
    say("files", *open_files())
    for name in "LISTEN_FDS", "LISTEN_FDNAMES":
        say(name, os.environ.get(name, "none"))
    say("LISTEN_PID", "mine" if os.environ.get("LISTEN_PID") == str(os.getpid()) else "none")
    with open("/proc/self/environ", "rb") as env:
        say("entries", sum(e.startswith(b"LISTEN_") for e in env.read().split(b"\0")))
    if "LISTEN_PID" in os.environ:
        answer(socket.socket(fileno=3))


def congestion(port, chosen):
    s = tcp()
    usual = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
    if chosen:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, chosen.encode())
    s.bind(("127.0.0.1", int(port)))
    s.listen()
    now = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
    say(*(name.split(b"\0")[0].decode() for name in (usual, now)))


def schedule():
    policies = {getattr(os, name): name for name in dir(os) if name.startswith("SCHED_")}
    say(policies[os.sched_getscheduler(0)], os.nice(0))


globals()[sys.argv[1]](*sys.argv[2:])
