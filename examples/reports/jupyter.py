# SPDX-License-Identifier: MIT
"""jupyter.py: flame graphs in the output of a notebook's cell, with their viewer.

    from jupyter import FlameGraph, compare
    FlameGraph('cpu.pb.gz', '--focus', '^main')
    compare('before.folded', 'after.folded')
    FlameGraph('cpu.pb.gz').info()['text']          # '1.21 s'

Only flametree is needed, and what comes with Python. The picture is in a frame of its own, which can
run its script and reach nothing of the notebook.
"""
import html
import json
import re
import subprocess


class FlameGraph:
    """What flamegraph, or another program, draws with these arguments."""

    def __init__(self, *arguments, program='flamegraph'):
        self.arguments = arguments
        self.program = program

    def run(self, *options):
        command = [self.program, '--quiet', *options, *map(str, self.arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip() or f'{self.program} failed')
        return done.stdout

    def svg(self):
        return self.run('--output-format', 'svg')

    def info(self):
        """The total, the unit, the number of samples, where the profile comes from."""
        return json.loads(self.run('--info', '--json'))

    def _repr_html_(self):
        svg = self.run('--output-format', 'svg', '--fragment')
        height = int(re.search(r' height="(\d+)', svg).group(1))
        page = '<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0 }</style>' + svg
        return (f'<iframe sandbox="allow-scripts allow-downloads" style="border: 0" width="100%" '
                f'height="{height + 20}" srcdoc="{html.escape(page)}"></iframe>')


def compare(before, after, *options):
    """What changed, as flamediff draws it."""
    return FlameGraph(*options, before, after, program='flamediff')
