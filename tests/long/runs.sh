#!/bin/sh
# SPDX-License-Identifier: MIT
# False alarms of flamediff's verdicts where runs differ, over 3,000 comparisons for each line.
"${builddir:-.}/tests/unit/test_rates" 3000 runs
