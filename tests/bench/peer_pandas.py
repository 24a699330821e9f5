"""pandas on the benchmark's question: peer_pandas.py RECORDS THREADS fine|coarse REGIONS (one thread)"""
import json
import sys

import numpy as np
import pandas as pd

records, _, grain, regions = sys.argv[1:5]
fine = grain == 'fine'
text = ['officer_id', 'office', 'decision_date', 'criminal_history', 'us_citizen_child', 'veteran', 'country', 'outcome']
numbers = ['age', 'priority_level', 'years_resident']
table = pd.read_csv(records, usecols=text + numbers, keep_default_na=False,
                    dtype={**{c: 'category' for c in text}, **{c: 'int64' for c in numbers}})
table = table[table.outcome != 'WITHDRAWN']
region_of = {name: i for i, names in enumerate(json.load(open(regions)).values()) for name in names}


def by_value(column, function):
    values = table[column].cat
    return np.array([function(v) for v in values.categories], dtype=np.int64)[values.codes.to_numpy()]


stratum = by_value('country', lambda c: region_of.get(c, 5)) if fine else np.zeros(len(table), dtype=np.int64)
for size, values in ((2, by_value('veteran', lambda v: v == 'Y')), (2, by_value('us_citizen_child', lambda v: v == 'Y')),
                     (4, np.digitize(table.years_resident, [2, 5, 10])),
                     (2, by_value('criminal_history', lambda v: v != 'none')), (4, table.priority_level.to_numpy()),
                     (4, np.digitize(table.age, [18, 35, 55]))):
    stratum = stratum * size + values
year = by_value('decision_date', lambda d: int(d[:4])) if fine else 0
rows = pd.DataFrame({'stratum': stratum, 'office': table.office.cat.codes.to_numpy(), 'year': year,
                     'officer_id': table.officer_id.cat.codes.to_numpy(),
                     'granted': by_value('outcome', lambda o: o == 'GRANTED').astype(float)})
groups = rows.groupby(['stratum', 'office', 'year', 'officer_id'], sort=False).granted
cells = groups.agg(n='count', a='sum').reset_index().astype({'n': float})


def answer(cells, unit, peers):
    totals = cells.groupby(peers, sort=False)[['n', 'a']].transform('sum')
    n, a, t, m = (x.to_numpy() for x in (cells.n, cells.a, totals.n, totals.a))
    keep = t > n
    n, a, t, m = n[keep], a[keep], t[keep], m[keep]
    r, s, p, q = a * (t - n - m + a) / t, (n - a) * (m - a) / t, (t - n - m + 2 * a) / t, (n + m - 2 * a) / t
    variance = n * (t - n) * m * (t - m) / (t * t * (t - 1))
    sums = pd.DataFrame({'unit': cells[unit].to_numpy()[keep], 'a': a, 'e': n * m / t, 'v': variance, 'r': r, 's': s,
                         'pr': p * r, 'psqr': p * s + q * r, 'qs': q * s}).groupby('unit').sum()
    sums = sums[sums.v > 0]
    return ((sums.a - sums.e) ** 2 / sums.v).sum()


officers = answer(cells, 'officer_id', ['stratum', 'office', 'year'])
offices = cells.groupby(['stratum', 'office', 'year'], sort=False)[['n', 'a']].sum().reset_index()
print(f"{len(cells)} {officers:.4f} {answer(offices, 'office', ['stratum', 'year']):.4f}")
