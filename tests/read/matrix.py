#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every list of fields of perf script -F, against what the full listing of the recording says.

matrix.py make RECORDING.data OUT.xz    print RECORDING with perf under each list (needs perf)
matrix.py check COLLAPSE FILE.xz...     fold each text of each file, print TAP

A file holds texts, each after a line "=== LIST"; the first, "full", says what is right.
"""
import collections
import itertools
import lzma
import random
import re
import subprocess
import sys

FULL = "comm,pid,tid,cpu,time,event,period,ip,sym,dso"
HEADER = re.compile(
    r"^(?P<comm>.{1,16}?)\s+(?P<pid>-?\d+)/(?P<tid>-?\d+)\s+(?:\[(?P<cpu>\d+)\]\s+)?"
    r"(?P<time>\d+\.\d+):\s+(?P<period>\d+)\s+(?P<event>\S+):(?P<rest>.*)$")
FRAME = re.compile(r"^\s+(?P<ip>[0-9a-f]+) (?P<sym>.*) \((?P<dso>[^ ]*(?: [^ ()]*)*)\)$")
# Lists that manuals and scripts recommend.
KNOWN = [
    "comm,pid,tid,cpu,time,event,ip,sym,dso,trace", "comm,tid,pid,time,cpu,event,trace,ip,sym,dso",
    "comm,pid,tid,time,event,ip,sym,dso", "ip,sym,dso", "ip,sym", "comm,ip,sym", "comm,tid,ip,sym,dso",
    "tid,time,ip,sym,dso", "event,ip,sym,dso", "pid,comm,event,period,ip,sym", "comm,cpu,time,event",
    "time,event,trace", "period,ip,sym,dso", "tid,period,ip,sym,dso", "ip,sym,dso,tid,period,event,trace",
    "comm,pid,tid,period,event,ip,sym,dso", "comm,tid,cpu,time,period,event,ip,sym,symoff,dso",
    "comm,tid,cpu,event,ip,sym,dso,trace", "comm,tid,misc,time,period,event,ip,sym,dso",
    "comm,tid,time,event,ip,sym,dso,insn,insnlen", "comm,tid,time,event,ip,sym,dso,srcline",
    "comm,tid,period,event,ip,sym,srcline", "comm,time,event,ip,addr", "comm,tid,time,event,addr,ip,sym,dso",
    "comm,ip,sym,dso,insn", "tid,event,ip,sym,dso,insnlen", "pid,tid,cpu,misc,time,ip,sym", "comm,misc,ip,sym",
]
ALL = ["comm", "pid", "tid", "cpu", "misc", "time", "period", "event", "trace", "ip", "sym", "symoff", "dso",
       "addr", "srcline", "insn", "insnlen"]
NEEDS = {"sym": "ip", "dso": "ip", "srcline": "ip", "symoff": "sym"}


def complete(fields):
    fields = set(fields)
    for field in list(fields):
        while field in NEEDS:
            fields.add(NEEDS[field])
            field = NEEDS[field]
    return ",".join(f for f in ALL if f in fields)


def lists():
    """Each field alone, the known ones, and lists in which each pair of fields is there in all ways."""
    found = [complete([f]) for f in ALL] + [complete(k.split(",")) for k in KNOWN]
    left = {(a, x, b, y) for a, b in itertools.combinations(ALL, 2) for x in (0, 1) for y in (0, 1)}
    rng = random.Random(19)
    while left:
        best, gain = None, 0
        for _ in range(60):
            chosen = complete(f for f in ALL if rng.random() < 0.5)
            have = set(chosen.split(","))
            new = sum((x == (a in have)) and (y == (b in have)) for a, x, b, y in left)
            if new > gain:
                best, gain = chosen, new
        if not best or len(found) > 110:
            break
        have = set(best.split(","))
        left = {(a, x, b, y) for a, x, b, y in left if (x == (a in have)) != True or (y == (b in have)) != True}
        found.append(best)
    shown = {"comm", "pid", "tid", "cpu", "time", "period", "event", "ip"}
    return [f for f in dict.fromkeys(found) if shown & set(f.split(","))]


def perf(recording, fields):
    run = subprocess.run(["perf", "script", "--no-inline", "-F", fields, "-i", recording],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return run.stdout.decode("utf-8", "surrogateescape") if run.returncode == 0 else ""


def make(recording, out):
    with lzma.open(out, "wt", encoding="utf-8", errors="surrogateescape", preset=9) as file:
        full = perf(recording, FULL) or perf(recording, FULL.replace("cpu,", ""))
        file.write("=== full\n" + full)
        for fields in lists():
            text = perf(recording, fields)
            if text:
                file.write("=== " + fields + "\n" + text)


def truth(text):
    samples, chains = [], False
    for line in text.split("\n"):
        header = HEADER.match(line)
        frame = FRAME.match(line) if not header else None
        if header:
            sample = header.groupdict()
            sample["frames"] = []
            samples.append(sample)
            frame = FRAME.match(sample["rest"])
        if frame and samples:
            samples[-1]["frames"].append((frame["sym"], frame["dso"]))
            chains |= header is None
    return samples, chains


def name(sym, dso, has_sym, has_dso):
    if has_sym and sym != "[unknown]":
        return sym
    if has_dso and dso != "[unknown]":
        return "[" + dso.split("/")[-1] + "]"
    return "[unknown]"


def expected(samples, fields):
    folded = collections.Counter()
    first = samples[0]["event"]
    for s in samples:
        if "event" in fields and s["event"] != first:
            continue
        weight = int(s["period"]) or 1 if "period" in fields else 1
        stack = [re.sub(r"\s", "_", s["comm"].strip())] if "comm" in fields else []
        if "ip" in fields:
            stack += [name(f[0], f[1], "sym" in fields, "dso" in fields) for f in reversed(s["frames"])]
        folded[";".join(stack) or "[unknown]"] += weight
    return folded


def check(collapse, files):
    n = failed = 0
    for path in files:
        with lzma.open(path, "rt", encoding="utf-8", errors="surrogateescape") as file:
            parts = re.split(r"^=== (.*)\n", file.read(), flags=re.M)[1:]
        samples, _ = truth(parts[1])
        for fields, text in list(zip(parts[::2], parts[1::2])):
            listed = FULL.split(",") if fields == "full" else fields.split(",")
            run = subprocess.run([collapse, "--input-format", "perf", "--strict"],
                                 input=text.encode("utf-8", "surrogateescape"), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, check=False)
            got = collections.Counter()
            for line in run.stdout.decode("utf-8", "surrogateescape").split("\n"):
                stack, _, count = line.rpartition(" ")
                if count.isdigit():
                    got[stack] += int(count)
            want = expected(samples, listed)
            n += 1
            good = got == want and run.returncode == 0
            failed += not good
            print(("ok" if good else "not ok"), n, "-", path.split("/")[-1], fields)
            if not good:
                print("#", run.stderr.decode("utf-8", "replace").strip().replace("\n", "\n# "))
                for stack in sorted(set(got) | set(want)):
                    if got[stack] != want[stack]:
                        print("#   %s: %d, not %d" % (stack, got[stack], want[stack]))
    print("1..%d" % n)
    return failed > 0


if sys.argv[1:2] == ["make"]:
    make(*sys.argv[2:4])
else:
    sys.exit(check(sys.argv[2], sys.argv[3:]))
