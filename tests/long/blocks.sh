#!/bin/sh
# SPDX-License-Identifier: MIT
# False alarms and power of comparisons of one host, over 1,000 comparisons for each line.
"${builddir:-.}/tests/unit/test_run_ranges" 1000
