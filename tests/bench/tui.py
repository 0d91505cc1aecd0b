# SPDX-License-Identifier: MIT
"""tui.py PROGRAM FILE: how long flamegraph --tui takes to its first full screen, and after each key.
Each figure is the median of 5 runs, in ms; the screen is full when nothing came for 150 ms."""
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import termios
import time

UP = b'\x1bOA'
KEYS = [UP, b'\x1bOC', b'\r', b'\x7f', b't', b't', b'r', b'r', b's', b's', b'/', b'a', b'l', b'\r',
        b'n', b'x', b'u', UP, UP, b'h', b'u', UP, UP, b'f', b'u', UP, UP, b'b', b'\x7f', b'm', b'm']
QUIET = 0.15


def wait(fd):
    last = None
    while select.select([fd], [], [], QUIET if last else 2)[0]:
        os.read(fd, 65536)
        last = time.time()
    return last


def measure(program, path):
    start = time.time()
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(program, ['flamegraph', '-q', '--tui', path],
                  dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8'))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 160, 0, 0))
    times = [('first screen', (wait(fd) - start) * 1000)]
    for i, key in enumerate(KEYS):
        start = time.time()
        os.write(fd, key)
        end = wait(fd)
        times.append(('%2d %s' % (i + 1, key.decode().encode('unicode_escape').decode()),
                      (end - start) * 1000 if end else 0))
    os.write(fd, b'q')
    os.waitpid(pid, 0)
    os.close(fd)
    return times


runs = [measure(*sys.argv[1:3]) for _ in range(5)]
for row in zip(*runs):
    print('%-14s %7.1f' % (row[0][0], statistics.median(t for _, t in row)))
