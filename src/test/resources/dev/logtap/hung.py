"""Stops one thread of a process, and lets it go on when stdin ends: hung.py PID NAME"""
import ctypes, os, sys

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
WAIT_ALL = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) < 0:
        sys.exit(os.strerror(ctypes.get_errno()))


def name(thread):
    with open(f"/proc/{sys.argv[1]}/task/{thread}/comm") as comm:
        return comm.read().strip()


(thread,) = [int(t) for t in os.listdir(f"/proc/{sys.argv[1]}/task") if name(t) == sys.argv[2]]
ptrace(SEIZE, thread)
ptrace(INTERRUPT, thread)
os.waitpid(thread, WAIT_ALL)
print("hung", flush=True)
sys.stdin.read()
ptrace(DETACH, thread)
print("goes on", flush=True)
