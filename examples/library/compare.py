#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py BEFORE AFTER OUT.svg: what changed between two profiles, drawn from Python."""
import sys

import flametree


def main():
    if len(sys.argv) != 4:
        sys.exit('usage: compare.py BEFORE AFTER OUT.svg')
    try:
        before, after = (flametree.Profile().read(path) for path in sys.argv[1:3])
        both = before.compare(after, normalize=True)
        both.draw(sys.argv[3])
    except flametree.Error as error:
        sys.exit('compare.py: %s' % error)
    print('flametree %s wrote %s' % (flametree.version(), sys.argv[3]))


if __name__ == '__main__':
    main()
