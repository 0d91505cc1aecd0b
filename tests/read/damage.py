#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damage to the text of perf script: each line of an input is left out, doubled, and swapped with
the next. No sum is above the truth, and what is lost is told, so that --strict refuses.

damage.py COLLAPSE FILE[:LINES[:EVENT]]...    prints TAP; LINES: only so many lines, spread over the
file; EVENT: count this one, whichever comes first
"""
import subprocess
import sys


OPTIONS = []


def fold(collapse, text, *options):
    run = subprocess.run([collapse, "--input-format", "perf", *OPTIONS, *options], input=text,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    total = sum(int(line.rpartition(b" ")[2]) for line in run.stdout.split(b"\n") if line)
    return total, run.returncode, run.stderr


def wrong(collapse, text, truth, flat):
    total, status, told = fold(collapse, text)
    if status < 0 or status > 2:
        return "ends with %d" % status
    strict = fold(collapse, text, "--strict")[1]
    if total > truth and not flat:
        return "%d is above the truth, %d" % (total, truth)
    if total < truth and (b"ignored" not in told and status == 0 or strict == 0):
        return "%d instead of %d, and nothing is told" % (total, truth)
    return None


def damages(lines, i):
    yield "left out", lines[:i] + lines[i + 1:]
    yield "doubled", lines[:i + 1] + lines[i:]
    if i + 1 < len(lines):
        yield "swapped", lines[:i] + [lines[i + 1], lines[i]] + lines[i + 2:]


def main():
    collapse, n, failed = sys.argv[1], 0, 0
    for argument in sys.argv[2:]:
        path, most, event = (argument + "::").split(":", 2)
        event = event.rstrip(":")
        OPTIONS[:] = ["--event-filter", event] if event else []
        with open(path, "rb") as file:
            lines = file.read().splitlines(keepends=True)
        truth = fold(collapse, b"".join(lines))[0]
        # a sample that is one line can be left out or doubled, and nobody can know
        flat = not any(line.startswith(b"\t") for line in lines)
        found, step = [], max(1, len(lines) // int(most or len(lines)))
        for i in range(0, len(lines), step):
            for how, damaged in damages(lines, i):
                if flat and how != "swapped":
                    continue
                why = wrong(collapse, b"".join(damaged), truth, flat)
                if why:
                    found.append("# line %d %s: %s" % (i + 1, how, why))
        n += 1
        failed += bool(found)
        print("not ok" if found else "ok", n, "-", path.split("/")[-1])
        print("\n".join(found[:10]), end="\n" if found else "")
    print("1..%d" % n)
    return failed > 0


sys.exit(main())
