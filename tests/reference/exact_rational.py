"""Far tails of the exact conditional test in exact rational arithmetic, from 1e-60 to below 1e-3000.

python3 tests/reference/exact_rational.py

S is counted down from the top of its support, where only the highest coefficients are needed.
"""
import math
from fractions import Fraction
from math import comb

SETS = [
    # (a, n1, c, n2) of each stratum
    [(60, 60, 3, 80), (39, 40, 2, 70)],
    [(200, 200, 5, 400), (149, 150, 0, 300), (300, 301, 7, 350)],
    [(998, 1000, 2, 1000)] * 3 + [(1000, 1000, 0, 1000), (999, 1000, 3, 1000), (700, 700, 1, 1500)],
    [(5, 5, 1, 1000000)] * 12 + [(1, 1, 0, 3), (0, 1, 2, 2)],
]


def log10_ratio(number, total):
    """log10(number/total), to all digits of a double."""
    shift = total.bit_length() - number.bit_length()
    scaled = Fraction(number << max(shift, 0), total << max(-shift, 0))
    return (math.log(scaled) - shift * math.log(2)) / math.log(10)


def values(tables):
    depth = sum(min(n1, a + c) - a for a, n1, c, n2 in tables)
    top, total = [1], 1
    for a, n1, c, n2 in tables:
        high, m = min(n1, a + c), a + c
        own = [comb(n1, high - d) * comb(n2, m - high + d)
               for d in range(min(depth, high - max(0, m - n2)) + 1)]
        top = [sum(own[j] * top[i - j] for j in range(min(i + 1, len(own))) if i - j < len(top))
               for i in range(min(depth + 1, len(own) + len(top) - 1))]
        total *= comb(n1 + n2, m)
    above = sum(top)
    return [log10_ratio(2 * above - top[depth], total), log10_ratio(above, total),
            log10_ratio(top[0], total)]


with open("tests/reference/exact_rational_tables.csv", "w") as tables, \
        open("tests/reference/exact_rational_values.csv", "w") as results:
    print("id,a,n1,c,n2", file=tables)
    print("id,log10_mid_p,log10_above,log10_at_top", file=results)
    for number, strata in enumerate(SETS, 1):
        for row in strata:
            print(number, *row, sep=",", file=tables)
        print(number, *("%.16g" % v for v in values(strata)), sep=",", file=results)
