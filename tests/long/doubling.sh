#!/bin/sh
# SPDX-License-Identifier: MIT
# doubling.sh: all shapes of tests/bench/doubling.py.
shapes=all
. "${srcdir:-.}/tests/bench/doubling.sh"
