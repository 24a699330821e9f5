"""Decisions that depend on each other, by the formulas of engine/stats/dependence.h, from single records and pairs of
them; Student's tails by mpmath. Writes dependence_cells.csv, dependence_values.csv, dependence_units.csv, student.csv.

python3 tests/reference/dependence.py
"""
import collections
import math
import os
import random

import mpmath

HERE = os.path.dirname(os.path.abspath(__file__))
mpmath.mp.dps = 40


def log_two_sided(t, df):
    """ln of both tails of Student's t; df inf: normal."""
    t = mpmath.mpf(t)
    if df == math.inf:
        return mpmath.log(mpmath.erfc(t / mpmath.sqrt(2)))
    df = mpmath.mpf(df)
    if df > 400:  # the density, integrated from t on, over its value there
        at = -(df + 1) / 2 * mpmath.log1p(t * t / df)
        step = 1 / (1 + t)
        beyond = mpmath.quad(lambda y: mpmath.exp(-(df + 1) / 2 * mpmath.log1p((t + y) ** 2 / df) - at), [0] + [step * 4 ** i for i in range(6)] + [mpmath.inf])
        return mpmath.log(2 * beyond) + at - mpmath.log(df) / 2 - mpmath.log(mpmath.beta(df / 2, mpmath.mpf(1) / 2))
    x = df / (df + t * t)
    return mpmath.log(mpmath.betainc(df / 2, mpmath.mpf(1) / 2, 0, x, regularized=True))


def normal_score(log_two):
    """z with ln of both normal tails."""
    start = math.sqrt(max(0.01, -2 * log_two))
    return mpmath.findroot(lambda z: log_two_sided(z, math.inf) - log_two, start)


def world(kind, rng):
    """Records (cluster, unit, stratum, part, event)."""
    records = []
    cluster = 0
    if kind in ("days", "unequal"):
        for unit in range(9):
            sd = 2.2 if kind == "unequal" and unit < 2 else .9 if kind == "days" else .1
            for day in range(12):
                shift = rng.gauss(0, sd)
                quarter = day // 3
                for _ in range(rng.choice([1, 2, 4, 7] if kind == "days" else [3, 6, 9])):
                    stratum = rng.randrange(3)
                    rate = 1 / (1 + math.exp(.9 - .5 * stratum - .4 * quarter - shift))
                    records.append((cluster, unit, stratum, stratum * 4 + quarter, int(rng.random() < rate)))
                cluster += 1
        if kind == "unequal":  # a unit of one day only
            records += [(cluster, 9, 1, 5, int(i > 2)) for i in range(8)]
    else:  # persons, who come before several units, in several quarters
        for person in range(160):
            shift = rng.gauss(0, 1.5)
            for _ in range(rng.choice([1, 1, 2, 3])):
                stratum = rng.randrange(2)
                rate = 1 / (1 + math.exp(.6 - .5 * stratum - shift))
                records.append((person, rng.randrange(7), stratum, stratum * 3 + rng.randrange(3), int(rng.random() < rate)))
    return records


def v_of(n, m):
    return m * (n - m) / (n * (n - 1)) if n > 1 else 0.


def measure(records):
    part_n, part_m = collections.Counter(), collections.Counter()
    for c, u, h, k, y in records:
        part_n[k] += 1
        part_m[k] += y
    v = {k: v_of(part_n[k], part_m[k]) for k in part_n}
    informative = [i for i, r in enumerate(records) if v[r[3]] > 0]
    big_v, level = collections.Counter(), collections.Counter()
    for i in informative:
        c, u, h, k, y = records[i]
        big_v[u] += v[k]
        level[u] += y - part_m[k] / part_n[k]
    r = {i: records[i][4] - part_m[records[i][3]] / part_n[records[i][3]] - level[records[i][1]] / big_v[records[i][1]] * v[records[i][3]] for i in informative}
    by = collections.defaultdict(list)
    for i in informative:
        by[records[i][0]].append(i)
    vv = {i: v[records[i][3]] for i in informative}

    def pairs(items):
        return [(i, j) for i in items for j in items if i != j]
    unit_pairs = collections.Counter()
    for c, items in by.items():
        for i, j in pairs(items):
            if records[i][1] == records[j][1]:
                unit_pairs[records[i][1]] += vv[i] * vv[j]
    clusters, sizes, pairs_seen = [], [], 0
    informative_of = collections.Counter(records[i][1] for i in informative)
    for c in sorted(by):
        items = by[c]
        if len(items) < 2:
            continue
        q = sum(r[i] * r[j] for i, j in pairs(items))
        t = sum(vv[i] * vv[j] for i, j in pairs(items))
        q += sum(vv[i] / part_n[records[i][3]] for i, j in pairs(items) if records[i][3] == records[j][3])
        a = t
        for u in {records[i][1] for i in items}:
            mine = [i for i in items if records[i][1] == u]
            tu = sum(vv[i] * vv[j] for i, j in pairs(mine))
            q += tu / big_v[u]
            a += unit_pairs[u] * tu / big_v[u] ** 2
            a -= 2 / big_v[u] * sum(vv[i] * sum(vv[j] for j in mine if j != i) ** 2 for i in mine)
        units = {records[i][1] for i in items}
        pairs_seen += 1
        sizes.append(len(items))
        if len(units) == 1 and len(items) == informative_of[min(units)]:
            continue
        clusters.append(dict(q=q, a=a, t=t, k=len(items), w=sum(vv[i] for i in items), unit=units.pop() if len(units) == 1 else None))
    A, T = sum(c["a"] for c in clusters), sum(c["t"] for c in clusters)
    raw = sum(c["q"] for c in clusters) / A
    cap = sum(c["k"] for c in clusters) / sum(c["w"] for c in clusters)
    theta = min(max(raw, 0), cap)

    def d(c, th):
        x, k = min(1, th * c["w"] / c["k"]), c["k"]
        return 2 * c["t"] * ((k - 1) * (1 + (k - 1) * x) ** 2 + (1 - x) ** 2) / k
    error = math.sqrt(max(sum(d(c, theta) for c in clusters), sum((c["q"] - theta * c["a"]) ** 2 for c in clusters)) / (A * T))
    own = {}
    for u in sorted({x[1] for x in records}):
        mine = [c for c in clusters if c["unit"] == u]
        Au, Tu = sum(c["a"] for c in mine), sum(c["t"] for c in mine)
        if mine and Au > 0 and Tu > 0:
            own[u] = (sum(c["q"] for c in mine) / Au, sum(d(c, theta) for c in mine) / (Au * Tu))
    between = 0
    if len(own) > 2:
        w = {u: 1 / s2 for u, (t, s2) in own.items()}
        sw, sw2 = sum(w.values()), sum(x * x for x in w.values())
        mean = sum(w[u] * own[u][0] for u in own) / sw
        between = max(0, (sum(w[u] * (own[u][0] - mean) ** 2 for u in own) - (len(own) - 1)) / (sw - sw2 / sw))
    all_n, all_m, n1 = collections.Counter(), collections.Counter(), collections.Counter()
    for c, u, h, k, y in records:
        all_n[h] += 1
        all_m[h] += y
        n1[u, h] += 1
    vh = {h: v_of(all_n[h], all_m[h]) for h in all_n}
    units = []
    for u in sorted({x[1] for x in records}):
        th, s = theta, error
        if u in own and own[u][0] > theta and between > 0:
            b = between / (between + own[u][1])
            th, s = min(theta + b * (own[u][0] - theta), cap), math.sqrt(b * own[u][1] + (1 - b) ** 2 * error ** 2)
        g = []
        for which in range(2):
            x = {}
            for i, (c, w, h, k, y) in enumerate(records):
                n = n1[u, h]
                if n == 0 or all_n[h] == n:
                    continue
                f = n / all_n[h]
                x[i] = vh[h] * ((1 - f if w == u else -f) if which == 0 else (1 if w == u else -n / (all_n[h] - n)))
            above = below = 0
            groups = collections.defaultdict(list)
            for i in x:
                groups[records[i][0]].append(x[i])
                if vh[records[i][2]] > 0:
                    below += x[i] ** 2 / vh[records[i][2]]
            for values in groups.values():
                above += sum(values) ** 2 - sum(z * z for z in values)
            g.append(above / below)
        o = collections.Counter()
        for c, w, h, k, y in records:
            if w == u and all_n[h] > n1[u, h]:
                o[c] += vh[h] * (1 - n1[u, h] / all_n[h])
        row = dict(unit=u, clusters=len({x[0] for x in records if x[1] == u and all_n[x[2]] > n1[u, x[2]]}), effective=sum(o.values()) ** 2 / sum(z * z for z in o.values()), g=g[0], g_difference=g[1], theta=th, error=s)
        for name, gg in (("", g[0]), ("_difference", g[1])):
            row["delta" + name] = max(1, 1 + th * gg)
            row["df" + name] = 2 * row["delta" + name] ** 2 / (gg * s) ** 2
        log_p = math.log(.0003) * (u + 1) / 3
        z = normal_score(log_p)
        row["log10_mid_p"] = log_p / math.log(10)
        row["log10_p"] = float(log_two_sided(z / mpmath.sqrt(row["delta"]), row["df"]) / mpmath.log(10))
        units.append(row)
    sizes.sort()
    median = (sizes[(len(sizes) - 1) // 2] + sizes[len(sizes) // 2]) / 2
    return dict(clusters=len({x[0] for x in records}), with_pairs=pairs_seen, smallest=sizes[0], median=median, largest=sizes[-1], raw=raw, theta=theta, error=error, z=raw * math.sqrt(A / 2), between=between), units


def write(name, rows):
    with open(os.path.join(HERE, name), "w") as f:
        keys = list(rows[0])
        print(",".join(keys), file=f)
        for row in rows:
            print(",".join("%.15g" % row[k] for k in keys), file=f)


cells, values, units = [], [], []
for number, kind in enumerate(("days", "unequal", "persons")):
    records = world(kind, random.Random(20 + number))
    counts = collections.Counter()
    events = collections.Counter()
    for c, u, h, k, y in records:
        counts[c, u, h, k] += 1
        events[c, u, h, k] += y
    cells += [dict(world=number, cluster=c, unit=u, stratum=h, part=k, records=counts[c, u, h, k], events=events[c, u, h, k]) for c, u, h, k in sorted(counts)]
    whole, each = measure(records)
    values.append(dict(world=number, **whole))
    units += [dict(world=number, **row) for row in each]
write("dependence_cells.csv", cells)
write("dependence_values.csv", values)
write("dependence_units.csv", units)
tails = []
for df in (.7, 1, 2, 3.5, 10, 59.5, 61, 500, 1e4, 3e6, 9.9e6, math.inf):
    for t in (.01, .3, 1, 1.9, 4, 12, 45, 300):
        tails.append(dict(df=df if df < math.inf else 1e300, t=t, log_two_sided=float(log_two_sided(t, df))))
write("student.csv", tails)
