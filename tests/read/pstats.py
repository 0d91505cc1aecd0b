# SPDX-License-Identifier: MIT
"""Own values of functions, as Python's own modules and as folded stacks have them.

pstats.py own FILE time|calls     of what cProfile wrote, with the marshal module of this Python
pstats.py table FILE time|calls   of lines "F file:line:name calls all-calls own time"
pstats.py leaves FILE             of folded stacks
pstats.py make FILE KIND          write a damaged or an odd file
"""
import marshal
import struct
import sys


def show(sums):
    for name in sorted(sums):
        if sums[name] > 0:
            print(name, sums[name])


def clean(name):
    return name.replace(";", ":").replace("\n", " ")


def own(path, kind):
    sums = {}
    with open(path, "rb") as file:
        for (_, _, name), value in marshal.load(file).items():
            amount = value[1] if kind == "calls" else round(value[2] * 1e9)
            sums[clean(name)] = sums.get(clean(name), 0) + amount
    show(sums)


def table(path, kind):
    sums = {}
    for line in open(path, encoding="utf-8"):
        what, place, _, calls, own_time, _ = line.rstrip("\n").split("\t")
        if what == "F":
            name = clean(place.split(":", 2)[2] if not place.startswith("<gen") else
                         place.rsplit(":", 1)[1])
            amount = int(calls) if kind == "calls" else round(float(own_time) * 1e9)
            sums[name] = sums.get(name, 0) + amount
    show(sums)


def leaves(path):
    sums = {}
    for line in open(path, encoding="utf-8"):
        stack, value = line.rstrip("\n").rsplit(" ", 1)
        name = stack.rsplit(";", 1)[-1]
        sums[name] = sums.get(name, 0) + int(value)
    show(sums)


def make(path, kind):
    key = b"\xa9\x03\xda\x01fi\x01\0\0\0\xda\x01g"
    times = b"i\1\0\0\0i\1\0\0\0g" + struct.pack("<d", 1e-9) + b"g" + struct.pack("<d", 1e-9)
    whole = b"\xfb" + key + b")\5" + times + b"{00"
    data = {
        "whole": whole,
        # it names itself, an object that is none, an object that names one, a dictionary
        "itself": b"\xfb\xa9\x03r\1\0\0\0",
        "beyond": b"\xfb\xa9\x03r\xff\xff\xff\x7f",
        "named": b"\xfb\xa9\x03\xf2\x01\0\0\0",
        "cycle": b"\xfb" + key + b")\5" + times + b"r\0\0\0\0" + b"0",
        "deep": b"\xfb" + b"\xa9\x03" * 1000000,
        "callers": b"\xfb" + key + b")\5" + times + b"{" + b"\xa9\x03" * 1000000,
        # numbers that are none
        "nan": whole.replace(struct.pack("<d", 1e-9), struct.pack("<d", float("nan")), 1),
        "huge": whole.replace(struct.pack("<d", 1e-9), struct.pack("<d", 1e300), 1),
        "digits": whole.replace(b"g" + struct.pack("<d", 1e-9), b"l\xff\xff\xff\x7f\1\0", 1),
        "text": b"\xfb\xa9\x03u\xff\xff\xff\x7fabc",
    }[kind]
    with open(path, "wb") as out:
        out.write(data)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
