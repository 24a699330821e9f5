"""Measures of a value, and rare categories, by the formulas of engine/stats/wilcoxon.h and categories.h, in whole
numbers and fractions where they are exact. Writes ranks_classes.csv, ranks_values.csv, mean_records.csv,
mean_values.csv, rare_categories.csv, rare_values.csv.

python3 tests/reference/values.py
"""
import collections
import math
import os
import random
from fractions import Fraction

import mpmath

HERE = os.path.dirname(os.path.abspath(__file__))
mpmath.mp.dps = 30


def write(name, rows):
    with open(os.path.join(HERE, name), "w") as f:
        keys = list(rows[0])
        print(",".join(keys), file=f)
        for row in rows:
            print(",".join("%.15g" % row[k] for k in keys), file=f)


# --- ranks ---

def rank_mid_p(strata):
    """Every way to give n1 of a stratum's values to the unit, by the sum of doubled ranks; strata by one common
    denominator. ln of twice the smaller mid tail."""
    whole = math.lcm(*(2 * (len(own) + len(peers) + 1) for own, peers in strata))
    chances, total, observed = {0: 1}, 1, 0
    for own, peers in strata:
        values, n, n1 = sorted(own + peers), len(own) + len(peers), len(own)
        scale = whole // (2 * (n + 1))
        rank = {v: (2 * values.index(v) + values.count(v) + 1 - (n + 1)) * scale for v in set(values)}
        observed += sum(rank[v] for v in own)
        ways = {(0, 0): 1}
        for v, t in collections.Counter(values).items():
            more = collections.Counter()
            for (k, x), w in ways.items():
                for i in range(min(t, n1 - k) + 1):
                    more[k + i, x + i * rank[v]] += w * math.comb(t, i)
            ways = more
        new = collections.Counter()
        for x, w in chances.items():
            for (k, y), z in ways.items():
                if k == n1:
                    new[x + y] += w * z
        chances, total = new, total * math.comb(n, n1)
    at = chances[observed]
    above = sum(w for x, w in chances.items() if x > observed)
    below = total - above - at
    p = min(Fraction(1), Fraction(2 * min(above, below) + at, total))
    return Fraction(observed, whole), mpmath.log(mpmath.mpf(p.numerator) / p.denominator)


def rank_worlds():
    rng = random.Random(7)
    yield [([3, 5, 9, 11, 12, 17, 20, 21], [1, 2, 4, 6, 7, 8, 10, 13, 14, 15])]
    yield [([9, 8, 7, 7, 6, 9], [0, 1, 1, 2, 5, 6, 3, 3, 2, 7, 0, 1])]
    yield [([0] * 30 + [4, 7, 7], [0] * 400 + [1, 2, 7])]
    yield [([0] * 12 + [5], [0] * 90 + [2, 9]), ([0] * 6 + [8, 8], [0] * 70 + [1, 1, 9]), ([3, 3, 3], [3, 3])]
    yield [([1] + list(range(20, 38)), list(range(2, 20)) + [38])]
    yield [([rng.randrange(4) + 2 for _ in range(9)], [rng.randrange(4) for _ in range(14)]) for _ in range(3)]
    yield [([0] * 2 + list(range(50, 70)), list(range(1, 50)) + [70, 71])]


# --- means ---

def mean_interval(strata, confidence=.95):
    """strata: (own values, peers' values), none below 0."""
    N = sum(len(x) for x, y in strata)

    def mean(z):
        return sum(z) / len(z)
    D = sum(len(x) * (mean(x) - mean(y)) for x, y in strata) / N
    M = sum(len(x) * mean(y) for x, y in strata) / N
    rho = 1 + D / M
    V0 = V2 = share = 0
    squares = df = df_peers = 0
    own, others, positive_peers = [], [], 0
    for x, y in strata:
        z = [v / rho if rho > 0 else v for v in x] + y
        s2 = sum((v - mean(z)) ** 2 for v in z) / (len(z) - 1)
        V0 += len(x) * s2 / N ** 2
        V2 += len(x) ** 2 / len(y) * s2 / N ** 2
        xp, yp = [v for v in x if v > 0], [v for v in y if v > 0]
        share += len(x) * (len(xp) + len(yp)) / (len(x) + len(y)) / N
        for part in (xp, yp):
            if len(part) > 1:
                squares += sum((v / mean(part) - 1) ** 2 for v in part)
                df += len(part) - 1
                df_peers += (len(part) - 1) * (part is yp)
        positive_peers += len(yp)
        if xp or yp:
            base = mean(yp) if yp else mean(xp)
            own += [v / base for v in xp]
            others += [v / base for v in yp]
    c0 = squares / df if df else 0
    kq = max(0, len(own) - 1)
    mine = sum((v / mean(own) - 1) ** 2 for v in own) / kq if kq else c0
    kc = 30
    if len(others) >= 4:
        m2 = sum((v - mean(others)) ** 2 for v in others) / len(others)
        m4 = sum((v - mean(others)) ** 4 for v in others) / len(others)
        if m2 > 0:
            kc = min(max(m4 / m2 ** 2 - 1, 2), 30)
    c1 = (kq * mine + kc * c0) / (kq + kc)
    g = min(5, share * N)
    p1 = (len(own) + g) / (N + g / share)
    kappa0, kappa1 = (1 + c0) / share - 1, (1 + c1) / p1 - 1
    A = V0 * kappa1 / kappa0 if kappa0 > 0 else V0
    first = A * rho ** 2
    nu = (first + V2) ** 2 / (first ** 2 / max(1, kq + min(kc, df_peers)) + V2 ** 2 / max(1, positive_peers - len(strata)))
    t = mpmath.findroot(lambda q: mpmath.betainc(nu / 2, .5, 0, nu / (nu + q * q), regularized=True) - (1 - confidence), 2)
    t = float(t)
    a, b, c = 1 - t * t * A / M ** 2, -2 * D - 2 * t * t * A / M, D * D - t * t * (A + V2)
    root = math.sqrt(max(0, b * b - 4 * a * c))
    if a > 0:
        return D, max(-M, (-b - root) / (2 * a)), (-b + root) / (2 * a), N / kappa1, kc
    return D, max(-M, min(D, (-b + root) / (2 * a))), math.inf, N / kappa1, kc


def mean_worlds():
    rng = random.Random(3)

    def amounts(n, p, sd, scale):
        return [round(scale * math.exp(rng.gauss(3, sd)), 2) if rng.random() < p else 0. for _ in range(n)]
    yield [(amounts(45, 1, 1, 1), amounts(300, 1, 1, 1))]
    yield [(amounts(60, .3, .8, 1.6), amounts(400, .3, .8, 1)) for _ in range(2)]
    yield [(amounts(14, 1, .4, 2), amounts(80, .9, .4, 1)), (amounts(1, 1, .4, 2), amounts(3, 1, .4, 1)), (amounts(9, .5, .4, 2), amounts(1, 1, .4, 1))]
    yield [([float(min(10, max(0, round(rng.gauss(7, 2.2))))) for _ in range(25)], [float(min(10, max(0, round(rng.gauss(7, .8))))) for _ in range(200)])]
    yield [(amounts(40, .03, 1, 1) + [700.], amounts(900, .01, 1, 1))]
    yield [([0.] * 30, amounts(200, .4, 1, 1))]


# --- rare categories ---

def mid_p(tables):
    """(a, n1, c, n2) by stratum; ln of twice the smaller mid tail, and the side of the deviation."""
    chances, observed, total = {0: 1}, 0, 1
    for a, n1, c, n2 in tables:
        m = a + c
        if min(n1, n2, m, n1 + n2 - m) < 1:
            continue
        new = collections.Counter()
        for x, w in chances.items():
            for k in range(max(0, m - n2), min(m, n1) + 1):
                new[x + k] += w * math.comb(m, k) * math.comb(n1 + n2 - m, n1 - k)
        chances, observed, total = new, observed + a, total * math.comb(n1 + n2, n1)
    at = chances[observed]
    above = sum(w for x, w in chances.items() if x > observed)
    below = total - above - at
    p = min(Fraction(1), Fraction(2 * min(above, below) + at, total))
    return p, (1 if above < below else -1 if below < above else 0)


def score_test(unit, peers):
    """(statistic, df, p) of all categories as they are, in one block."""
    J = len(unit[0])
    V = mpmath.zeros(J)
    for x, y in zip(unit, peers):
        n1, n2 = sum(x), sum(y)
        n = n1 + n2
        if min(n1, n2) < 1:
            continue
        for j in range(J):
            for k in range(J):
                c, d = x[j] + y[j], x[k] + y[k]
                V[j, k] += mpmath.mpf(n1 * n2) / (n * n * (n - 1)) * (n * c * (j == k) - c * d)
    S = []
    for j in range(J):
        p, side = mid_p([(x[j], sum(x), y[j], sum(y)) for x, y in zip(unit, peers)])
        z = mpmath.sqrt(2) * mpmath.erfinv(1 - mpmath.mpf(p.numerator) / p.denominator) if p < 1 else mpmath.mpf(0)
        S.append(side * z * mpmath.sqrt(V[j, j]))
    trace = sum(V[j, j] for j in range(J))
    lack = sum(S)
    S = [S[j] - V[j, j] * lack / trace for j in range(J)]
    s, v = mpmath.matrix(S[:-1]), V[:J - 1, :J - 1]
    value = (s.T * mpmath.lu_solve(v, s))[0]
    return value, J - 1, mpmath.gammainc(mpmath.mpf(J - 1) / 2, value / 2, mpmath.inf, regularized=True)


def category_worlds():
    rng = random.Random(11)
    yield [[5, 2, 1, 0], [7, 1, 0, 2]], [[60, 20, 5, 5], [80, 15, 8, 4]]
    yield [[10, 1, 6]], [[200, 40, 20]]
    yield [[3, 9]], [[60, 50]]
    yield [[9, 14, 2, 7]], [[300, 120, 90, 160]]
    for strata, J in ((1, 9), (2, 12)):
        shares = [1 / (1 + j) for j in range(J)]
        unit = [[0] * J for _ in range(strata)]
        peers = [[0] * J for _ in range(strata)]
        for h in range(strata):
            for j in rng.choices(range(J), shares, k=70):
                unit[h][j] += 1
            unit[h][J - 1] += 5
            for j in rng.choices(range(J), shares, k=900):
                peers[h][j] += 1
        yield unit, peers


def pooled(unit, peers, least=2):
    J = len(unit[0])
    own = [sum(sum(x) * mpmath.mpf(x[j] + y[j]) / (sum(x) + sum(y)) for x, y in zip(unit, peers)) for j in range(J)]
    others = [sum(sum(y) * mpmath.mpf(x[j] + y[j]) / (sum(x) + sum(y)) for x, y in zip(unit, peers)) for j in range(J)]
    order = sorted((j for j in range(J) if own[j] > 0), key=lambda j: (min(own[j], others[j]), j))
    end, a, b = 0, 0, 0
    while end < len(order) and (min(own[order[end]], others[order[end]]) < least or (end and min(a, b) < least)):
        a, b, end = a + own[order[end]], b + others[order[end]], end + 1
    groups = ([order[:end]] if end else []) + [[j] for j in order[end:]]
    return [[[sum(x[j] for j in g) for g in groups] for x in t] for t in (unit, peers)] + [end if end > 1 else 0, len(order)]


classes, values = [], []
for number, strata in enumerate(rank_worlds()):
    for h, (own, peers) in enumerate(strata):
        for v in sorted(set(own + peers)):
            classes.append(dict(id=number, stratum=h, records=(own + peers).count(v), own=own.count(v)))
    T, log_p = rank_mid_p(strata)
    values.append(dict(id=number, statistic=float(T), log10_p=float(log_p / mpmath.log(10))))
write("ranks_classes.csv", classes)
write("ranks_values.csv", values)
records, values = [], []
for number, strata in enumerate(mean_worlds()):
    for h, sides in enumerate(strata):
        for unit, side in ((1, sides[0]), (0, sides[1])):
            records += [dict(id=number, stratum=h, unit=unit, value=v) for v in side]
    D, low, high, effective, worth = mean_interval(strata)
    values.append(dict(id=number, mean=D, low=low, high=high if high < math.inf else 1e300, effective=effective, worth=worth))
write("mean_records.csv", records)
write("mean_values.csv", values)
cells, values = [], []
for number, (unit, peers) in enumerate(category_worlds()):
    for h, (x, y) in enumerate(zip(unit, peers)):
        cells += [dict(id=number, stratum=h, category=j, unit=a, peers=b) for j, (a, b) in enumerate(zip(x, y))]
    few, others, together, occurring = pooled(unit, peers)
    statistic, df, p = score_test(few, others)
    if occurring >= 8:
        least = min(mid_p([(x[j], sum(x), y[j], sum(y)) for x, y in zip(unit, peers)])[0] for j in range(len(unit[0])))
        p = min(1, 2 * min(p, occurring * mpmath.mpf(least.numerator) / least.denominator))
    values.append(dict(id=number, statistic=float(statistic), df=df, log10_p=float(mpmath.log10(p)), pooled=together))
write("rare_categories.csv", cells)
write("rare_values.csv", values)
