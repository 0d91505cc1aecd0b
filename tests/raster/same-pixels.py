#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same-pixels.py A.png B.png: both show the same, to one step of colour. Reads PNG of 8 bits with
and without alpha by itself, so that no library is needed."""
import struct
import sys
import zlib


def rows(path):
    data = open(path, 'rb').read()
    at, packed = 8, b''
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if zlib.crc32(kind + body) != struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0]:
            sys.exit(path + ': wrong checksum of ' + kind.decode())
        if kind == b'IHDR':
            width, height, bits, color = struct.unpack('>IIBB', body[:10])
        if kind == b'IDAT':
            packed += body
        at += 12 + size
    channels = {2: 3, 6: 4}[color]
    raw, before = zlib.decompress(packed), bytearray(width * channels)
    for y in range(height):
        start = y * (width * channels + 1)
        before = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + width * channels]),
                          before, channels)
        yield [tuple(before[i:i + 3]) for i in range(0, len(before), channels)]


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def unfilter(how, row, up, n):
    for i in range(len(row)):
        left, corner = (row[i - n], up[i - n]) if i >= n else (0, 0)
        row[i] = (row[i] + [0, left, up[i], (left + up[i]) // 2,
                            paeth(left, up[i], corner)][how]) & 255
    return row


def main():
    a, b = list(rows(sys.argv[1])), list(rows(sys.argv[2]))
    if (len(a), len(a[0])) != (len(b), len(b[0])):
        sys.exit('the sizes differ')
    far = [(x, y, p, q) for y, (r, s) in enumerate(zip(a, b)) for x, (p, q) in enumerate(zip(r, s))
           if max(abs(i - j) for i, j in zip(p, q)) > 1]
    for x, y, p, q in far[:5]:
        print('%d,%d: %s %s' % (x, y, p, q))
    sys.exit(bool(far) and '%d pixels differ' % len(far))


main()
