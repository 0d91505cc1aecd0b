#!/bin/sh
# SPDX-License-Identifier: MIT
# False alarms of flamediff's verdicts where runs differ, over 3,000 comparisons for each line,
# three times as many as rates.sh has of others. It takes 130 s of processor time.
"${builddir:-.}/tests/unit/test_rates" 3000 runs
