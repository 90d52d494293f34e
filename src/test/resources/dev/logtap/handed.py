"""Becomes a command that finds a listening socket: handed.py DESCRIPTOR COUNT PROGRAM ARGUMENT...

As descriptor 0 it is what StandardInput=socket gives, as 3 and more what the protocol of sd_listen_fds(3) does.
With a COUNT of 0 it is kept by a process that starts the command once more when stdin brings a line, with one of -1 it
is a Unix socket.
"""
import fcntl, os, socket, sys

descriptor, count, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
stdin = os.dup(0)
sockets = [socket.socket(socket.AF_UNIX)] if count < 0 else [socket.create_server(("127.0.0.1", 0)) for _ in range(max(count, 1))]
if count < 0:
    sockets[0].bind("\0logtap-%d" % os.getpid())
    sockets[0].listen()
# Out of the way of the descriptors that they are to have.
above = [fcntl.fcntl(s.fileno(), fcntl.F_DUPFD_CLOEXEC, 50) for s in sockets]
if count == 0 and os.fork() == 0:
    if not os.read(stdin, 1):
        os._exit(0)
for number, s in enumerate(above):
    os.dup2(s, descriptor + number, inheritable=True)
if descriptor == 3:
    os.environ["LISTEN_PID"] = str(os.getpid())
    os.environ["LISTEN_FDS"] = str(len(above))
os.execv(command[0], command)
