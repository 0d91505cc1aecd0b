#!/bin/sh
# SPDX-License-Identifier: MIT
# False alarms and power of flamediff --series over 1,000 simulated series for each line.
"${builddir:-.}/tests/unit/test_series" 1000
