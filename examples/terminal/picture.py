# SPDX-License-Identifier: MIT
"""picture.py FILE [KEY...] > screen.svg: the screen of `flamegraph --tui FILE` as a picture.

It runs the program in tmux, sends the keys (names of tmux: Enter, Up, a), and turns the screen that
tmux captures into SVG: a rectangle for each run of characters with the same background, and its
text. doc/terminal.svg was made by

    python3 examples/terminal/picture.py examples/inputs/postgres-single.perf.xz \\
        Up Up Up Up / E x e c Enter > doc/terminal.svg
"""
import os
import re
import shlex
import subprocess
import sys
import time
import unicodedata
from xml.sax.saxutils import escape

COLUMNS, LINES = 110, 26
WIDTH, HEIGHT = 8, 17  # of a character, in px
PLAIN = {'fg': '#d8d8d8', 'bg': '#1c1c1c', 'bold': False, 'reverse': False}
BASIC = ['#000000', '#cd3131', '#0dbc79', '#e5e510', '#2472c8', '#bc3fbc', '#11a8cd', '#e5e5e5',
         '#666666', '#f14c4c', '#23d18b', '#f5f543', '#3b8eea', '#d670d6', '#29b8db', '#ffffff']


def tmux(*arguments):
    command = ['tmux', '-L', 'picture%d' % os.getpid(), '-f', '/dev/null', *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def still_screen():
    """The screen with its colors, once two looks agree."""
    before = None
    for _ in range(50):
        time.sleep(0.2)
        now = tmux('capture-pane', '-e', '-N', '-p')
        if now == before and now.strip():
            break
        before = now
    return now


def take_screen(path, keys):
    program = os.environ.get('FLAMEGRAPH', 'flamegraph')
    command = 'LC_ALL=C.UTF-8 TERM=tmux-256color %s -q --tui %s' % (program, shlex.quote(path))
    tmux('new-session', '-d', '-x', str(COLUMNS), '-y', str(LINES), command)
    try:
        tmux('set-option', '-s', 'escape-time', '0')
        tmux('set-option', '-g', 'status', 'off')
        tmux('resize-window', '-x', str(COLUMNS), '-y', str(LINES))
        still_screen()
        for key in keys:
            tmux('send-keys', key)
            time.sleep(0.1)
        return still_screen()
    finally:
        tmux('kill-server')


def color(number):
    """One of 256."""
    if number < 16:
        return BASIC[number]
    if number >= 232:
        return '#%02x%02x%02x' % ((8 + 10 * (number - 232),) * 3)
    number -= 16
    steps = [0, 95, 135, 175, 215, 255]
    return '#%02x%02x%02x' % (steps[number // 36], steps[number // 6 % 6], steps[number % 6])


def apply_codes(look, codes):
    """The look after an escape sequence with these numbers."""
    look, codes = dict(look), codes or [0]
    while codes:
        code, codes = codes[0], codes[1:]
        key = 'fg' if code < 40 or 90 <= code < 100 else 'bg'
        if code == 0:
            look = dict(PLAIN)
        elif code in (1, 7):
            look['bold' if code == 1 else 'reverse'] = True
        elif code in (22, 27):
            look['bold' if code == 22 else 'reverse'] = False
        elif code in (38, 48) and codes[0] == 5:
            look[key], codes = color(codes[1]), codes[2:]
        elif code in (38, 48):
            look[key], codes = '#%02x%02x%02x' % tuple(codes[1:4]), codes[4:]
        elif code in (39, 49):
            look[key] = PLAIN[key]
        elif 30 <= code < 38 or 40 <= code < 48:
            look[key] = BASIC[code % 10]
        elif 90 <= code < 98 or 100 <= code < 108:
            look[key] = BASIC[8 + code % 10]
    return look


def columns_of(text):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def parts_of(line, look):
    """(column, columns, text, look) for each run of one look; and the look at the end."""
    parts, column = [], 0
    for i, piece in enumerate(re.split(r'\x1b\[([0-9;]*)m', line)):
        if i % 2:
            look = apply_codes(look, [int(n or 0) for n in piece.split(';')])
        elif piece:
            parts.append((column, columns_of(piece), piece, look))
            column += columns_of(piece)
    return parts, look


def draw(screen):
    size = (COLUMNS * WIDTH, LINES * HEIGHT)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" '
           'width="%d" height="%d" viewBox="0 0 %d %d">' % (size + size),
           '<style>text{font:13px "DejaVu Sans Mono",Menlo,Consolas,monospace}</style>',
           '<rect width="100%%" height="100%%" fill="%s"/>' % PLAIN['bg']]
    look = PLAIN
    for row, line in enumerate(screen.split('\n')[:LINES]):
        parts, look = parts_of(line, look)
        for column, columns, text, part in parts:
            fg, bg = (part['bg'], part['fg']) if part['reverse'] else (part['fg'], part['bg'])
            if bg != PLAIN['bg']:
                out.append('<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>'
                           % (column * WIDTH, row * HEIGHT, columns * WIDTH, HEIGHT, bg))
            shown = text.rstrip()
            start = column + len(shown) - len(shown.lstrip())
            shown = shown.strip()
            if shown == '\u258f':  # a seam between two boxes
                out.append('<path d="M%d %dv%d" stroke="%s"/>'
                           % (start * WIDTH, row * HEIGHT, HEIGHT, fg))
            elif shown:
                out.append('<text x="%d" y="%d" textLength="%d" fill="%s"%s>%s</text>'
                           % (start * WIDTH, row * HEIGHT + 13, columns_of(shown) * WIDTH, fg,
                              ' font-weight="bold"' if part['bold'] else '', escape(shown)))
    return '\n'.join(out + ['</svg>\n'])


sys.stdout.write(draw(take_screen(sys.argv[1], sys.argv[2:])))
