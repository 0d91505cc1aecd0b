#!/bin/sh
# SPDX-License-Identifier: MIT
# False alarms and power of flamediff's verdicts over 1,000 comparisons for each line.
"${builddir:-.}/tests/unit/test_rates" 1000
