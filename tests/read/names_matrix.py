#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Names of threads that look like other fields, in texts laid out as perf script prints them: each
set of fields, with and without call chains. What is right comes from the generator.

names_matrix.py COLLAPSE [STEP]     prints TAP; STEP: each STEP-th list only
"""
import collections
import itertools
import re
import subprocess
import sys

NAMES = [
    "app", "a", "7", "12", "add", "face", "dead beef", "12 34", "12 34 56", "C2 CompilerThre", "pool 7 worker",
    "pool 7", "pool 12345", "123/456", "123/456 [000]", "[kworker]", "[000]", "x [001]", "kworker/0:1", "kworker/u8:1-kv",
    "a:", "x y:", "C1 Comp: 9", "1.5:", "x 1.5:", "1.5: y", "+0x1f", "f+0x1f (/x)", "(sd-pam)", "a(b)", "a)", "100%",
    "#irc", "#1 worker", "# 1", "# x y", "|pipe", "|7", "|7 x", "@map", "=> x", "a => b", "K", "U", "x U", "VM:1", "VCPU:2 x",
    "insn: 4", "ilen: 3", "0xdeadbeef", "0x1 y", "N/A", "4K", "-1", ":-1", "java \"q\"", "été", "NetworkManager", "systemd-logind",
    "gnome-terminal", "Web Content", "ffffffff8100000"[:15], "cycles:", "raw 0x1a8", "GC Thread#0", "2024-01-02", "10:00:00.5", "a;b",
]


def folded_name(name):
    return re.sub(r"[ \t]", "_", name.strip()).replace(";", ":")


def header(fields, name, i, flat):
    tid = 700 + i
    out = ""
    if "comm" in fields:
        out += " " * (16 - len(name.encode())) * flat + name + " "
    if "pid" in fields:
        out += "%7d/%-7d " % (tid, tid)
    elif "tid" in fields:
        out += "%7d " % tid
    if "cpu" in fields:
        out += "[%03d] " % (i % 4)
    if "misc" in fields:
        out += "U     "
    if "tod" in fields:
        out += "2024-01-02 10:00:%02d.020565 " % (i % 60)
    if "time" in fields:
        out += "%12s: " % ("%d.%06d" % (100 + i, i))
    if "period" in fields:
        out += "%10d " % (1000 + i)
    if "event" in fields:
        out += "%*s: " % (12 if i % 2 else 6, "cycles")
    if "payload" in fields:
        out += "dev 8,0 prev_comm=x prev_pid=%d ==> next_comm=y next_pid=1 R 4096 () 12 + 8 [x]" % i
    if "addr" in fields:
        out += "%16x" % (0x7ffdf1391b0c + i if i % 2 else 0)
    if "weight" in fields:
        out += "%16d" % i
    if "cgroup" in fields:
        out += " /user.slice"
    return out


def frame(fields, i, lead, depth):
    text = lead + "%16x" % ((0x55d06a075000 if i % 3 else 0xffffffff81000000) + i)
    if "sym" in fields:
        text += " fn%d" % depth + ("+0x1f" if "symoff" in fields else "")
    if "dso" in fields:
        text += " (/srv/app)" if i % 3 else " ([kernel.kallsyms])"
    return text


def tail(fields):
    out = ""
    if "branch" in fields:
        out += " => %16x to+0x1 (/srv/app)" % 0x7ffd00000000
    if "regs" in fields:
        out += " ABI:2    AX:0x1    BX:0x2"
    if "brstack" in fields:
        out += " 0x4011a3/0x401020/P/-/-/0  0x4011a3/0x401020/M/-/-/1 "
    if "insn" in fields:
        out += " ilen: 3 insn: 83 e8 01"
    if "phys_addr" in fields:
        out += "%16x" % 0x17fd1b0c0
    if "page" in fields:
        out += " 4K N/A"
    return out


def text_of(fields, chains):
    folded, out = collections.Counter(), []
    plain = "comm" in fields and not {"tid", "pid", "cpu", "time", "tod", "period"} & set(fields)
    for i, name in enumerate(NAMES):
        # without a number in a column, these are a comment or source code, and their frames are told
        if plain and chains and name[0] in "#|" and name != "#irc":
            continue
        if "comm" not in fields and i > 20:
            break
        flat = not chains or "ip" not in fields
        line = header(fields, name, i, flat)
        stack = [folded_name(name)] if "comm" in fields else []
        source = "  dir/f.c:%d" % i if "srcline" in fields else None
        unnamed = "[app]" if i % 3 else "[[kernel.kallsyms]]"
        leaf = lambda d: "fn%d" % d if "sym" in fields else unnamed if "dso" in fields else "[unknown]"
        if "ip" not in fields:
            out.append(line + tail(fields))
        elif chains:
            out.append(line)
            for depth in range(1 + i % 3):
                out.append(frame(fields, i, "\t", depth))
                if source:
                    out.append(source)
            out.append(tail(fields))
            stack += [leaf(d) for d in range(i % 3, -1, -1)]
        else:
            out.append(line + frame(fields, i, " ", 0) + ("\n" + source if source else "") + tail(fields))
            stack += [leaf(0)]
        folded[";".join(stack) or "[unknown]"] += 1000 + i if "period" in fields else 1
    return "\n".join(out) + "\n", folded


def lists():
    lefts = ["comm", "comm tid", "comm pid", "comm tid cpu", "tid", "pid", "cpu", "", "comm cpu", "comm tid misc", "comm pid cpu misc"]
    middles = ["time period event", "time event", "time", "period event", "event", "period", "", "tod time event", "tod event"]
    rights = ["ip sym dso", "ip sym symoff dso", "ip sym", "ip", "ip dso", "", "addr ip sym dso", "payload ip sym dso",
              "ip sym dso insn", "ip sym dso phys_addr", "ip sym dso srcline", "weight cgroup ip sym symoff dso", "ip sym dso branch",
              "ip sym dso regs brstack", "ip sym dso page", "ip sym srcline insn"]
    for left, middle, right in itertools.product(lefts, middles, rights):
        yield " ".join((left + " " + middle + " " + right).split())


def main():
    collapse, step, n, failed = sys.argv[1], int((sys.argv[2:] or ["1"])[0]), 0, 0
    for fields in list(dict.fromkeys(lists()))[::step]:
        for chains in (False, True):
            if not fields:
                continue
            listed = fields.split()
            # what a tracepoint tells has no end, or no start, without these
            if "payload" in listed and not {"event", "time"} <= set(listed):
                continue
            text, want = text_of(listed, chains)
            run = subprocess.run([collapse, "--strict", "--input-format", "perf"], input=text.encode(),
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            got = collections.Counter()
            for line in run.stdout.decode().split("\n"):
                stack, _, count = line.rpartition(" ")
                got[stack] += int(count or 0)
            got += collections.Counter()
            n += 1
            good = got == want and run.returncode == 0
            failed += not good
            print("ok" if good else "not ok", n, "-", fields, "; chains" if chains else "; flat")
            if not good:
                print("#", run.stderr.decode()[:300].replace("\n", "\n# "))
                wrong = [s for s in sorted(set(got) | set(want)) if got[s] != want[s]]
                for stack in wrong[:6]:
                    print("#   %s: %d, not %d" % (stack, got[stack], want[stack]))
    print("1..%d" % n)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
