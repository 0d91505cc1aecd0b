#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py BEFORE AFTER OUT.svg: what changed between two profiles, drawn from Python.

Nothing is needed but libflametree itself and what comes with Python.
"""
import ctypes
import ctypes.util
import os
import sys


class Error(ctypes.Structure):
    _fields_ = [('code', ctypes.c_int), ('sys', ctypes.c_int), ('line', ctypes.c_uint64),
                ('file', ctypes.c_char * 256), ('message', ctypes.c_char * 512)]


class Comparison(ctypes.Structure):
    _fields_ = [('size', ctypes.c_size_t), ('normalize', ctypes.c_bool),
                ('strip_hex', ctypes.c_bool)]


library = ctypes.CDLL(os.environ.get('LIBFLAMETREE') or ctypes.util.find_library('flametree'))
for name in ('flametree_new', 'flametree_compare'):
    getattr(library, name).restype = ctypes.c_void_p
for name in ('flametree_read_file', 'flametree_draw_file'):
    getattr(library, name).restype = ctypes.c_bool
library.flametree_version.restype = ctypes.c_char_p


class Profile:
    """Frees what it holds when the last name for it goes."""

    def __init__(self, handle):
        self.handle = ctypes.c_void_p(handle)

    def __del__(self):
        library.flametree_free(self.handle)


def call(function, *arguments):
    error = Error()
    result = function(*arguments, ctypes.byref(error))
    if not result:
        where = error.file.decode() + (':%d' % error.line if error.line else '')
        sys.exit('compare.py: %s: %s' % (where, error.message.decode()))
    return result


def read(path):
    profile = Profile(call(library.flametree_new, None))
    call(library.flametree_read_file, profile.handle, os.fsencode(path), None)
    return profile


def main():
    if len(sys.argv) != 4:
        sys.exit('usage: compare.py BEFORE AFTER OUT.svg')
    before, after = read(sys.argv[1]), read(sys.argv[2])
    options = Comparison(ctypes.sizeof(Comparison), True, False)
    both = Profile(call(library.flametree_compare, before.handle, after.handle,
                        ctypes.byref(options)))
    call(library.flametree_draw_file, both.handle, os.fsencode(sys.argv[3]), None)
    print('flametree %s wrote %s' % (library.flametree_version().decode(), sys.argv[3]))


if __name__ == '__main__':
    main()
