# SPDX-License-Identifier: MIT
"""terminal.py BUILD: flamegraph --tui in a pseudo terminal: how it ends, what it leaves behind, and
that nothing of a name reaches the terminal. TAP on stdout."""
import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import sys
import termios
import time

BUILD = sys.argv[1]
run, failed = 0, 0


def ok(good, title, why=''):
    global run, failed
    run += 1
    failed += not good
    print(('ok' if good else 'not ok') + ' %d - %s' % (run, title))
    if not good:
        print('# ' + str(why))


def set_size(fd, lines, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', lines, columns, 0, 0))


class Terminal:
    """A child whose controlling terminal is ours. `first` waits until it has drawn something."""

    def __init__(self, args, size=(24, 80), env=None, data=None):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self.exec(args, env or {}, data)
        set_size(self.fd, *size)
        self.modes = termios.tcgetattr(self.fd)
        self.out = b''

    def exec(self, args, env, data):
        place = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8')
        place.pop('NO_COLOR', None)
        place.update(env)
        if 'ASAN_OPTIONS' in place:  # newterm() of ncurses loses memory when it fails
            place['ASAN_OPTIONS'] += ':detect_leaks=0'
        if data is not None:
            read, write = os.pipe()
            if os.fork() == 0:
                os.close(read)
                os.write(write, data)
                os._exit(0)
            os.close(write)
            os.dup2(read, 0)
        os.execve(BUILD + '/flamegraph', ['flamegraph', '-q', '--tui'] + args, place)

    def wait_for(self, text, seconds=60):
        """Read until `text` came. False: it never did."""
        end = time.time() + seconds
        while text not in self.out and time.time() < end:
            if not self.read(end - time.time()):
                break
        return text in self.out

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], max(0, seconds))
        if not ready:
            return False
        try:
            more = os.read(self.fd, 65536)
        except OSError:
            return False
        self.out += more
        return bool(more)

    def key(self, keys):
        os.write(self.fd, keys)

    def end(self, seconds=60):
        """The status of waitpid(), or None when it had to be killed."""
        end = time.time() + seconds
        while time.time() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self.read(0):
                    pass
                return status
            if not self.read(0.05):
                time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None


LEFT = b'\x1b[?1049l'  # the screen from before is back
SHOWN = b'\x1b[?25h'   # the cursor is
with open('in.folded', 'w') as file:
    file.write('main;parse;expr 300\nmain;emit 500\nidle 200\n')


def opened(args=None, **more):
    terminal = Terminal(args or ['in.folded'], **more)
    ok(terminal.wait_for(b'q quit'), 'it draws: %s' % (more or 'in.folded'), terminal.out)
    return terminal


def check_restored(terminal, status, wanted, title):
    out = terminal.out
    ok(status == wanted and LEFT in out and SHOWN in out, title, (status, out[-200:]))


for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGSEGV,
               signal.SIGABRT):
    terminal = opened()
    os.kill(terminal.pid, number)
    status = terminal.end()
    status = status if status is None else status & 0x7f  # without the mark of a core
    check_restored(terminal, status, number, 'signal %d gives the terminal back' % number)
terminal = opened()
terminal.key(b'q')
check_restored(terminal, terminal.end(), 0, 'q ends it')
terminal = opened()
terminal.key(b'\x03')
status = terminal.end()
ok(status is not None and LEFT in terminal.out, 'Ctrl-C ends it', status)



class Job(Terminal):
    """The same below a shell, as a job in the foreground. Only there does a stop take place: the
    system ignores SIGTSTP for a process group that no other process of the session can continue.
    Its pid is `job`; the shell reports each stop, and continues it at SIGUSR1."""

    def exec(self, args, env, data):
        waiting, go = os.pipe()
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        job = os.fork()
        if job == 0:
            os.read(waiting, 1)
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            super().exec(args, env, data)
        os.setpgid(job, job)
        os.tcsetpgrp(0, job)
        os.write(self.report, b'%d\n' % job)
        os.write(go, b'g')
        while True:
            _, status = os.waitpid(job, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                os._exit(os.waitstatus_to_exitcode(status) & 255)
            os.write(self.report, b'stopped\n')
            signal.sigwait({signal.SIGUSR1})
            os.kill(job, signal.SIGCONT)

    def __init__(self, args):
        reports, self.report = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        super().__init__(args)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        os.close(self.report)
        self.reports = os.fdopen(reports, 'rb')
        self.job = int(self.reports.readline())

    def stop(self):
        """What it wrote until it was stopped; None: it was not stopped."""
        os.kill(self.job, signal.SIGTSTP)
        while not select.select([self.reports], [], [], 0)[0]:
            if not self.read(0.05) and not self.alive():
                return None
        if self.reports.readline() != b'stopped\n':
            return None
        while self.read(0):
            pass
        out, self.out = self.out, b''
        return out

    def alive(self):
        return os.waitpid(self.pid, os.WNOHANG)[0] == 0

    def proceed(self):
        os.kill(self.pid, signal.SIGUSR1)


def is_free(out):
    """The last that the terminal got is the screen from before, and nothing is drawn on it."""
    return out is not None and LEFT in out and not re.search(rb'[a-z]{3}', out.split(LEFT)[-1])


terminal = Job(['in.folded'])
terminal.wait_for(b'q quit')
out = terminal.stop()
ok(is_free(out), 'while it is stopped the terminal is free', out and out[-200:])
ok(termios.tcgetattr(terminal.fd)[3] & termios.ECHO, 'and echoes what is typed')
terminal.proceed()
ok(terminal.wait_for(b'q quit'), 'then it draws again', terminal.out)
terminal.key(b'q')
ok(terminal.end() == 0 and LEFT in terminal.out, 'and ends', terminal.out[-200:])

bad = []
dice = random.Random(3)
for text in [b'\x1b[?1049h', b'main', b'all'] * 8:
    terminal = Job(['in.folded'])
    terminal.wait_for(text)
    time.sleep(dice.random() * 0.002)  # any time will do
    out = terminal.stop()
    bad += [] if is_free(out) else [(text, out)]
    terminal.proceed()
    terminal.wait_for(b'q quit')
    terminal.key(b'q')
    bad += [] if terminal.end() == 0 else [(text, 'end', terminal.out[-200:])]
ok(not bad, 'a stop while it draws', bad)

terminal = opened()
os.close(terminal.fd)
deadline = time.time() + 60
gone = False
while not gone and time.time() < deadline:
    gone = os.waitpid(terminal.pid, os.WNOHANG)[0] != 0
    time.sleep(0.02)
ok(gone, 'it ends when its terminal is closed')

for size in ((1, 1), (2, 3), (3, 2), (4, 200)):
    terminal = Terminal(['in.folded'], size=size)
    terminal.read(10)
    for key in b'tboxu?/a\r0irsmq':
        terminal.key(bytes([key]))
        terminal.read(0.05)
    ok(terminal.end() == 0, 'a window of %d x %d' % size, terminal.out[-100:])

terminal = opened()
dice = random.Random(5)
for _ in range(200):
    set_size(terminal.fd, dice.randrange(1, 60), dice.randrange(1, 200))
    os.kill(terminal.pid, signal.SIGWINCH)
    terminal.read(0.002)
terminal.key(b'q')
ok(terminal.end() == 0, 'a storm of changes of the window')

RANDOM_KEYS = [b'\x1bOA', b'\x1bOA', b'\x1bOB', b'\x1bOC', b'\x1bOD', b'\r', b'\x7f', b't', b'b',
               b'h', b'x', b'f', b'u', b'r', b's', b'm', b'i', b'o', b'?', b'0', b'n', b'N',
               b'/e\r', b'/(\r', b'/\r', b'H', b'X', b'F', b'\t', b'\x1b[<0;9;9M']


def write_random(name, columns):
    """Stacks of few names, so that cuts leave something."""
    with open(name, 'w') as file:
        for _ in range(60):
            frames = ['main'] + [dice.choice('defg') + dice.choice(['', '_[k]'])
                                 for _ in range(dice.randrange(1, 7))]
            weights = ' '.join(str(dice.randrange(1, 9)) for _ in range(columns))
            file.write(';'.join(frames) + ' ' + weights + '\n')


write_random('one.folded', 1)
write_random('two.folded', 2)
for args in (['in.folded'], ['one.folded'], ['two.folded'], ['--flamechart', 'one.folded']):
    terminal = opened(args)
    for _ in range(400):
        terminal.key(dice.choice(RANDOM_KEYS))
        terminal.read(0.001)
    terminal.key(b'\r\rq')
    status = terminal.end()
    ok(status == 0, 'four hundred keys at random: %s' % args, (status, terminal.out[-100:]))

NASTY = ('a\x1b[31mred\x1b]0;title\x07;b\x9b31m;c\rd\bh 50\n'
         '\u202ex;\u6f22\u5b57\u6f22;e\u0301 30\n').encode() + b'\xff\xfe;\xc3 20\n'
terminal = opened(['-'], data=NASTY)
terminal.key(b't')
terminal.wait_for(b'function')
terminal.key(b'oq')
terminal.end()
left = re.sub(rb'\x1b(\[[0-9;?<>]*[A-Za-z]|[()][A-Z0-9]|[=>78]|O.)', b'', terminal.out)
left = left.replace(b'\x0e', b'').replace(b'\x0f', b'')
ok(b'title' in left and not re.search(rb'[\x00-\x07\x0b\x0c\x10-\x1f\x7f]', left)
   and b'\x1b]' not in terminal.out and b'\x1b[31mred' not in terminal.out
   and '\u202e'.encode() not in left and b'\xff' not in left,
   'bytes of names never reach the terminal', left[:400])

terminal = opened(env={'NO_COLOR': '1'})
terminal.key(b'q')
terminal.end()
ok(b'38;5' not in terminal.out and b'[main' in terminal.out, 'NO_COLOR: boxes of ASCII',
   terminal.out)
terminal = opened(env={'LC_ALL': 'C', 'LANG': 'C'}, data='\u6f22;b 500\n'.encode(), args=['-'])
terminal.key(b'q')
terminal.end()
ok(all(byte < 128 for byte in terminal.out), 'a locale without UTF-8 gets ASCII', terminal.out)

for term in ('dumb', 'no-such-terminal'):
    terminal = Terminal(['in.folded'], env={'TERM': term})
    status = terminal.end()
    ok(status == 2 << 8 and b'--output-format term' in terminal.out, 'TERM=%s is refused' % term,
       (status, terminal.out))
terminal = Terminal(['missing.folded'])
ok(terminal.end() == 1 << 8 and b'\x1b' not in terminal.out, 'errors of the input come first',
   terminal.out)
print('1..%d' % run)
sys.exit(failed > 0)
