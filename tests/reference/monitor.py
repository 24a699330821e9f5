#!/usr/bin/env python3
"""Values of monitoring, computed apart from the program: plainly, by sums over the whole support,
roots by bisection. Prints what tests/stats/monitor_test.c holds."""
import math

W = [[(3, 10, 20, 100), (2, 9, 24, 110), (4, 12, 19, 90), (3, 11, 22, 104),
      (6, 10, 21, 100), (7, 11, 20, 96), (6, 9, 23, 105), (8, 12, 20, 99)],
     [(2, 20, 12, 100), (3, 22, 10, 95), (1, 18, 11, 105), (2, 19, 13, 99),
      (5, 20, 12, 100), (6, 21, 11, 101), (4, 18, 12, 98), (6, 22, 13, 104)]]


def root(f, lo, hi):
    up = f(lo) > 0
    for _ in range(200):
        mid = (lo + hi) / 2
        if (f(mid) > 0) == up:
            lo = mid
        else:
            hi = mid
    return (lo + hi) / 2


def moments(t, theta):
    a, n1, c, n2 = t
    m = a + c
    x = range(max(0, m - n2), min(n1, m) + 1)
    w = [math.comb(n1, i) * math.comb(n2, m - i) * math.exp(theta * i) for i in x]
    s = math.fsum(w)
    mean = math.fsum(i * p for i, p in zip(x, w)) / s
    return mean, math.fsum((i - mean) ** 2 * p for i, p in zip(x, w)) / s


def scores(shift):
    U, V = [], []
    for k in (0, 1):
        f = lambda th: sum(t[0] - moments(t, th + shift[8 * k + i])[0] for i, t in enumerate(W[k]))
        th = root(f, -10, 10)
        mv = [moments(t, th + shift[8 * k + i]) for i, t in enumerate(W[k])]
        U.append([t[0] - m for t, (m, v) in zip(W[k], mv)])
        V.append([v for m, v in mv])
    return U, V


def evidence(U, V, sigma):
    T = len(U[0])
    g = [1 / (1 + sigma ** 2 * sum(v[t] for v in V)) for t in range(T)]
    U = [[a * b for a, b in zip(u, g)] for u in U]
    V = [[a * b for a, b in zip(v, g)] for v in V]
    U = [[a - sum(u) / sum(v) * b for a, b in zip(u, v)] for u, v in zip(U, V)]
    w = lambda j: (1 / 72 if j <= 37 else 0) + 1 / (2 * j * (j - 1))
    total, rest, best = 0.0, 1.0, None
    for j in range(2, T + 1):
        u = -sum(sum(x[:j - 1]) for x in U)
        v = sum(sum(x[:j - 1]) * sum(x[j - 1:]) / sum(x) for x in V)
        m = (1 + v / 4) ** -0.5 * math.exp(u * u / 4 / (2 * (1 + v / 4)))
        total += w(j) * m
        rest -= w(j)
        if best is None or m > best[0]:
            best = (m, j, u, v)
    return math.log(total + rest), sum(map(sum, V)), best[1], best[2], best[3]


def quantile(z, q):
    z = sorted(z)
    h = (len(z) - 1) * q
    i = int(h)
    return z[i] + (h - i) * (z[min(i + 1, len(z) - 1)] - z[i])


def wander(u, v, L):
    d, w = [], []
    for a, b in zip(u, v):
        s = len(a) % L
        A = [sum(a[i:i + L]) for i in range(s, len(a), L)]
        B = [sum(b[i:i + L]) for i in range(s, len(b), L)]
        for i in range(1, len(A)):
            if B[i] >= 1 and B[i - 1] >= 1:
                d.append(A[i] / B[i] - A[i - 1] / B[i - 1])
                w.append(1 / B[i] + 1 / B[i - 1])

    def f(s):
        z = [x / math.sqrt(y + 2 * s * s) for x, y in zip(d, w)]
        lo, hi = quantile(z, .1), quantile(z, .9)
        return sum(min(max(x, lo), hi) ** 2 for x in z) / len(z) - .678655
    return (root(f, 0, 10) if f(0) > 0 else 0.0), len(d)


U, V = scores([0.1 * math.sin(i + 1) for i in range(16)])
for s in (0.0, 0.3):
    print('evidence, shifted, sigma', s, *['%.15g' % x for x in evidence(U, V, s)])
v = [[10.0 + (i * 7 + t * 5) % 11 for t in range(36)] for i in range(6)]
u = [[v[i][t] * (0.5 * math.sin(t / 4 + i) + 0.7 * math.sin(t * t + 3.0 * i)) for t in range(36)]
     for i in range(6)]
for L in (1, 3, 6, 12):
    s, n = wander(u, v, L)
    print('wander', L, n, '%.15g' % s, '%.15g' % (math.sqrt(L) * s))
