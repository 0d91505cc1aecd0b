#!/bin/sh
# False alarms of flamediff's verdicts where runs differ, over 20,000 comparisons for each line.
"${builddir:-.}/tests/unit/test_rates" 20000 runs
