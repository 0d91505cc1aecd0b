# SPDX-License-Identifier: MIT
"""Recordings of Java Flight Recorder for tests.

jfr.py make FILE KIND     write a recording: compressed and fixed, of three chunks, and its end
                          open; small, of one chunk; loop: an event that holds itself; deep:
                          descriptions that nest a million deep; many: an array of 2^40
jfr.py fold JSON FIELD    fold what jfr print --json prints: FIELD is a value, or samples
"""
import json
import struct
import sys

THREAD, STACK, FRAME, METHOD, CLASS, SYMBOL, TYPE, STATE, TEXT = range(20, 29)
BOOLEAN, INT, LONG, FLOAT = range(10, 14)
SAMPLE, WALL, IN_TLAB, OUTSIDE, PARK = range(100, 105)
MONITOR, LOOP, NOTHING = 110, 111, 112


class Writer:
    def __init__(self, fixed):
        self.fixed = fixed

    def number(self, value, width):
        value &= (1 << 8 * width) - 1
        if self.fixed or width == 1:
            return value.to_bytes(width, "big")
        out = bytearray()
        while value > 127 and len(out) < 8:
            out.append(value & 127 | 128)
            value >>= 7
        out.append(value)
        return bytes(out)

    def int(self, value):
        return self.number(value, 4)

    def long(self, value):
        return self.number(value, 8)

    def text(self, text, encoding=3):
        if text is None:
            return b"\0"
        if encoding == 4:
            units = struct.unpack("<%dH" % (len(text.encode("utf-16-le")) // 2),
                                  text.encode("utf-16-le"))
            return b"\4" + self.int(len(units)) + b"".join(self.number(u, 2) for u in units)
        data = text.encode("latin-1" if encoding == 5 else "utf-8")
        return bytes([encoding]) + self.int(len(data)) + data

    def event(self, kind, body):
        size = len(body) + len(self.long(kind))
        if self.fixed:
            return (size + 4).to_bytes(4, "big") + self.long(kind) + body
        size += 4  # padded, as the JDK writes it
        head = bytes([size & 127 | 128, size >> 7 & 127 | 128, size >> 14 & 127 | 128, size >> 21])
        return head + self.long(kind) + body


def classes():
    stack = [("stackTrace", STACK, True, False)]
    return {
        BOOLEAN: ("boolean", []), INT: ("int", []), LONG: ("long", []), FLOAT: ("float", []),
        TEXT: ("java.lang.String", []),
        NOTHING: ("test.Nothing", []),
        LOOP: ("test.Loop", [("inner", LOOP, False, False), ("more", LOOP, False, True),
                             ("number", LONG, False, False)]),
        SYMBOL: ("jdk.types.Symbol", [("string", TEXT, False, False)]),
        CLASS: ("java.lang.Class", [("package", SYMBOL, True, False), ("name", SYMBOL, True, False)]),
        METHOD: ("jdk.types.Method", [("type", CLASS, True, False), ("name", SYMBOL, True, False),
                                      ("nothing", NOTHING, False, False)]),
        TYPE: ("jdk.types.FrameType", [("description", TEXT, False, False)]),
        FRAME: ("jdk.types.StackFrame", [("method", METHOD, True, False),
                                         ("lineNumber", INT, False, False),
                                         ("type", TYPE, True, False)]),
        STACK: ("jdk.types.StackTrace", [("truncated", BOOLEAN, False, False),
                                         ("frames", FRAME, False, True)]),
        STATE: ("jdk.types.ThreadState", [("name", TEXT, False, False)]),
        THREAD: ("java.lang.Thread", [("osName", TEXT, False, False),
                                      ("javaName", TEXT, False, False)]),
        SAMPLE: ("jdk.ExecutionSample", [("startTime", LONG, False, False),
                                         ("extra", FLOAT, False, True),
                                         ("sampledThread", THREAD, True, False)] + stack +
                 [("state", STATE, True, False)]),
        WALL: ("profiler.WallClockSample", [("sampledThread", THREAD, True, False)] + stack +
               [("state", STATE, True, False), ("samples", INT, False, False)]),
        IN_TLAB: ("jdk.ObjectAllocationInNewTLAB", stack + [("objectClass", CLASS, True, False),
                                                            ("tlabSize", LONG, False, False)]),
        OUTSIDE: ("jdk.ObjectAllocationOutsideTLAB", stack + [("objectClass", CLASS, True, False),
                                                              ("allocationSize", LONG, False, False)]),
        PARK: ("jdk.ThreadPark", [("duration", LONG, False, False),
                                  ("eventThread", THREAD, True, False)] + stack),
    }


def metadata(w, kinds):
    strings = []

    def place(text):
        if text not in strings:
            strings.append(text)
        return w.int(strings.index(text))

    def element(name, attributes, children):
        out = place(name) + w.int(len(attributes))
        for key, value in attributes:
            out += place(key) + place(value)
        return out + w.int(len(children)) + b"".join(children)

    parts = []
    for number, (name, fields) in kinds.items():
        inner = []
        for field, kind, pooled, array in fields:
            attributes = [("name", field), ("class", str(kind))]
            attributes += [("constantPool", "true")] * pooled + [("dimension", "1")] * array
            notes = [element("annotation", [("class", "9"), ("value", "TICKS")], [])]
            inner.append(element("field", attributes, notes if field == "duration" else []))
        parts.append(element("class", [("name", name), ("id", str(number))], inner))
    tree = element("root", [], [element("metadata", [], parts), element("region", [], [])])
    body = w.long(1) + w.long(0) + w.long(1) + w.int(len(strings))
    body += b"".join(w.text(s, 4 if i % 3 == 1 else 3) for i, s in enumerate(strings))
    return w.event(0, body + tree)


def checkpoint(w, pools):
    body = w.long(1) + w.long(0) + w.long(-9) + b"\1" + w.int(len(pools))
    for kind, entries in pools.items():
        body += w.long(kind) + w.int(len(entries))
        body += b"".join(w.long(number) + entry for number, entry in entries.items())
    return w.event(1, body)


def chunk(fixed, shift, open_end=False):
    """Constants are numbered from `shift`, so that chunks differ; huge ids need nine bytes."""
    w = Writer(fixed)
    c = lambda number: w.long(shift + number)
    first = {
        SYMBOL: {shift + 1: w.text("com/shop/Über", 5), shift + 2: w.text("main"),
                 shift + 3: w.text("spin😀", 4), shift + 4: b"\2" + w.long(shift + 9),
                 shift + 5: w.text("[B")},
        CLASS: {shift + 1: c(0) + c(1), shift + 2: c(0) + c(5), shift + 3: c(0) + c(77)},
        TEXT: {shift + 9: w.text("write;\n")},
        TYPE: {shift + 1: w.text("Interpreted"), shift + 2: w.text("Inlined"),
               shift + 3: w.text("Kernel")},
    }
    second = {
        METHOD: {shift + 1: c(1) + c(2), shift + 2: c(1) + c(3), shift + 3: c(3) + c(4)},
        STATE: {shift + 1: w.text("STATE_RUNNABLE"), shift + 2: w.text("STATE_SLEEPING")},
        THREAD: {shift + 1: w.text("os") + w.text("main"), shift + 2: w.text("GC") + b"\1"},
        STACK: {
            shift + 1: b"\0" + w.int(1) + c(1) + w.int(7) + c(1),
            shift + 2: b"\0" + w.int(2) + c(2) + w.int(12) + c(2) + c(1) + w.int(-1) + c(1),
            shift + 3: b"\1" + w.int(3) + c(3) + w.int(0) + c(3) + c(2) + w.int(1) + c(1) +
                       c(88) + w.int(0) + c(0),
        },
    }
    floats = w.int(2) + struct.pack(">ff", 1, 2)
    sample = lambda stack, thread, state: w.event(
        SAMPLE, w.long(5) + floats + c(thread) + c(stack) + c(state))
    events = [sample(1, 1, 1), sample(2, 1, 1), sample(2, 2, 1), sample(3, 1, 1), sample(1, 2, 2),
              w.event(WALL, c(1) + c(2) + c(2) + w.int(40)),
              w.event(WALL, c(1) + c(99) + c(1) + w.int(2)),
              w.event(IN_TLAB, c(2) + c(2) + w.long(1 << 40)),
              w.event(OUTSIDE, c(1) + c(1) + w.long(16)),
              w.event(OUTSIDE, c(1) + c(1) + w.long(-16)),
              w.event(PARK, w.long(3) + c(1) + c(3)),
              w.event(PARK, w.long(2 ** 62) + c(1) + c(3))]
    body = events[0] + checkpoint(w, second) + b"".join(events[1:6]) + checkpoint(w, first)
    body += metadata(w, classes()) + b"".join(events[6:])
    size = 0 if open_end else 68 + len(body)
    head = b"FLR\0" + struct.pack(">HHQQQQQQQI", 2, 1, size, 68, 68, 1, 1, 1, 3000000000,
                                  0 if fixed else 1)
    return head + body


def fold(path, field):
    stacks = {}
    for event in json.load(open(path, encoding="utf-8"))["recording"]["events"]:
        values = event["values"]
        names = []
        for frame in reversed((values["stackTrace"] or {"frames": []})["frames"]):
            method = frame["method"]
            names.append(method["type"]["name"].replace("/", ".") + "." + method["name"])
        value = 1 if field == "samples" else values[field]
        if isinstance(value, str):  # PT1.5S
            value = round(float(value[2:-1]) * 1e9)
        line = ";".join(names)
        stacks[line] = stacks.get(line, 0) + value
    for line in sorted(stacks):
        print(line, stacks[line])


def odd(kind):
    w = Writer(False)
    kinds = classes()
    body = b""
    if kind == "deep":
        tree = (w.int(0) + w.int(0) + w.int(1)) * 1000000 + w.int(0) * 3
        body = w.event(0, w.long(1) * 3 + w.int(1) + w.text("x") + tree)
    else:
        kinds[SAMPLE][1].append(("odd", LOOP, False, kind == "many"))
        body = metadata(w, kinds)
        start = w.long(5) + w.int(0) + w.long(1) * 3
        body += w.event(SAMPLE, start + (w.long(1 << 40) if kind == "many" else b"") + b"\0" * 90)
    head = b"FLR\0" + struct.pack(">HHQQQQQQQI", 2, 1, 68 + len(body), 68, 68, 1, 1, 1, 1, 1)
    return head + body


def make(kind):
    if kind in ("loop", "deep", "many"):
        return odd(kind)
    if kind == "small":
        return chunk(False, 0)
    fixed = kind == "fixed"
    return chunk(fixed, 0) + chunk(fixed, 2 ** 63) + chunk(not fixed, 300, True)


if __name__ == "__main__":
    if sys.argv[1] == "fold":
        fold(sys.argv[2], sys.argv[3])
    else:
        with open(sys.argv[2], "wb") as out:
            out.write(make(sys.argv[3]))
