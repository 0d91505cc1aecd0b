#!/bin/sh
# SPDX-License-Identifier: MIT
# How often gates are wrong, over 1,000 comparisons for each line.
"${builddir:-.}/tests/unit/test_gates" 1000
