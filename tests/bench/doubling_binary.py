# SPDX-License-Identifier: MIT
"""doubling_binary.py: recordings of binary formats of a given size for doubling.py."""
import marshal
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '../read'), os.path.join(HERE, '../lib')]
import jfr as flight  # noqa: E402
from protobuf import field, varint  # noqa: E402


# ---- OTLP ----

def otlp(n, depth=2, labels=0):
    """`n` samples of stacks `depth` deep with functions of their own."""
    stacks = [[i * depth + d for d in range(depth)] for i in range(n)]
    count = n * depth
    strings = [''] + ['samples', 'count'] + ['f%d' % i for i in range(count)]
    key = len(strings)
    strings += ['key']
    table = b''.join(field(2, b''.join([field(2, 4096 + i), field(3, field(1, i + 1))]))
                     for i in range(count))
    table = field(2, b'') + table + field(3, b'')
    table += b''.join(field(3, field(1, 3 + i)) for i in range(count))
    table += b''.join(field(5, text.encode()) for text in strings)
    table += field(6, b'') + b''.join(field(6, field(1, key) + field(2, field(1, b'v%d' % i)))
                                      for i in range(labels))
    table += field(7, b'') + b''.join(
        field(7, field(1, b''.join(varint(1 + place) for place in stack))) for stack in stacks)
    samples = b''.join(field(2, field(1, i + 1) + (field(2, varint(1 + i % labels)) if labels else b'')
                             + field(4, varint(7))) for i in range(n))
    profile = field(1, field(1, 1) + field(2, 2)) + samples
    return field(1, field(2, field(2, profile))) + field(2, table)


def otlp_profiles(n):
    """Each sample in a profile, a scope and a message of its own."""
    one = otlp(1)
    return b''.join(struct.pack('>I', len(one)) + one for _ in range(n))


# ---- JFR ----

def jfr(n, depth=2, chunks=1):
    return b''.join(jfr_chunk(n // chunks, depth) for _ in range(chunks))


def jfr_chunk(n, depth):
    w = flight.Writer(False)
    c = w.long
    pools = {
        flight.SYMBOL: {i + 1: w.text('f%d' % i) for i in range(n + 1)},
        flight.CLASS: {1: c(0) + c(1)},
        flight.METHOD: {i + 1: c(1) + c(i + 1) for i in range(n)},
        flight.TYPE: {1: w.text('Interpreted')},
        flight.THREAD: {1: w.text('os') + w.text('main')},
        flight.STATE: {1: w.text('STATE_RUNNABLE')},
        flight.STACK: {i + 1: b'\0' + w.int(depth) + b''.join(
            c((i + d) % n + 1) + w.int(1) + c(1) for d in range(depth)) for i in range(n)},
    }
    events = b''.join(w.event(flight.SAMPLE, c(i) + w.int(0) + c(1) + c(i + 1) + c(1))
                      for i in range(n))
    body = events + flight.checkpoint(w, pools) + flight.metadata(w, flight.classes())
    return b'FLR\0' + struct.pack('>HHQQQQQQQI', 2, 1, 68 + len(body), 68, 68, 1, 1, 1, 3000000000,
                                  1) + body


# ---- pstats ----

def pstats(n, callers=1):
    """Function i is called by i // 2 and those before it: stacks grow by one when n doubles."""
    def key(i):
        return ('a.py', i, 'f%d' % i)

    def callers_of(i):
        return range(i // 2, max(i // 2 - callers, -1), -1) if i > 0 else []
    return marshal.dumps({key(i): (1, callers, 0.5, 1.0, {
        key(caller): (1, 1, 0.5 / callers, 1.0 / callers) for caller in callers_of(i)})
        for i in range(n)})


# ---- perf.data ----

IP, TID, TIME, CHAIN, PERIOD = 1, 2, 4, 32, 256
SAMPLE_ID_ALL = 1 << 18


def record(kind, misc, body):
    return struct.pack('<IHH', kind, misc, 8 + len(body)) + body


def words(text):
    return text.encode() + b'\0' * (8 - len(text) % 8)


def perf_data(n, depth=2, processes=1, mappings=0, backwards=False):
    """A recording without symbols; the names of stacks are those of mappings, or unknown."""
    attr = struct.pack('<IIQQQQQ', 0, 112, 0, 1, IP | TID | TIME | CHAIN | PERIOD, 0, SAMPLE_ID_ALL)
    attr = (attr + b'\0' * 112)[:112] + struct.pack('<QQ', 0, 0)
    trailer = struct.pack('<IIQ', 1, 1, 1)
    data = b''
    for p in range(1, processes + 1):
        data += record(3, 0, struct.pack('<II', p, p) + words('c%d' % p) + trailer)
        for m in range(mappings if p == 1 else 0):
            data += record(1, 2, struct.pack('<IIQQQ', p, p, (m + 1) << 20, 1 << 20, 0) +
                           words('/nowhere/lib%d.so' % m) + trailer)
    for i in range(n):
        chain = [2 ** 64 - 512] + [((i % (mappings or 64) + 1) << 20) + d * 16 for d in range(depth)]
        p = 1 + i % processes
        data += record(9, 2, struct.pack('<QIIQQQ', chain[1] if depth else 0, p, p,
                                         10 + (n - i if backwards else i), 7, len(chain)) +
                       struct.pack('<%dQ' % len(chain), *chain))
    start = 104 + len(attr)
    return b'PERFILE2' + struct.pack('<12Q', 104, len(attr), 104, len(attr), start, len(data), 0, 0,
                                     0, 0, 0, 0) + attr + data
