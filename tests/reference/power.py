"""The power of the exact test, by the approximation that engine/stats/power.h describes, in sums over every outcome and by halving.

python3 tests/reference/power.py
"""
import math
import random
from math import ceil, comb, erfc, exp, floor, log, sqrt

# (strata, the unit's records, the peers', base rate, spread of its logit, alpha, smallest difference)
SHAPES = [
    (1, (30, 60), (300, 600), .05, 0, .005, .05),      # whole events, by the exact test
    (1, (400, 500), (900, 1000), .4, 0, .002, .06),    # whole events, by the gamma distribution
    (3, (15, 15), (200, 200), .3, .5, .01, .1),
    (6, (4, 12), (60, 300), .15, .7, .004, .08),
    (6, (30, 60), (20, 90), .3, 1, .003, .05),         # events count differently in each stratum
    (12, (10, 40), (5, 400), .6, .8, .001, .03),
    (4, (60, 150), (300, 900), .4, .3, .04, .2),       # the size of the difference decides
    (25, (1, 3), (1, 4), .3, .8, .02, .05),
    (2, (6, 9), (400, 900), .5, .3, .0005, .1),        # nearly all, or nearly none, of its records
]
PER_SHAPE = 4


def halve(low, high, is_above):
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if is_above(middle) else (middle, high)
    return (low + high) / 2


def upper(z):
    return erfc(z / sqrt(2)) / 2


def both_above(h, k, rho):
    """Simpson's rule over x > h of the density of x times P(Y > k | x)."""
    if rho > 1 - 1e-12:
        return upper(max(h, k))
    steps, low, high = 20000, max(h, -9), 9
    if low >= high:
        return 0.0
    width = (high - low) / steps
    total = 0.0
    for i in range(steps + 1):
        x = low + i * width
        weight = 1 if i in (0, steps) else 4 if i % 2 else 2
        total += weight * exp(-x * x / 2) * upper((k - rho * x) / sqrt(1 - rho * rho))
    return total * width / 3 / sqrt(2 * math.pi)


def gamma_quantile(z, skewness):
    """Wilson and Hilferty's, of a gamma distribution with mean 0, variance 1 and this skewness."""
    if abs(skewness) < 1e-9:
        return z
    return 2 / skewness * (max(1 + skewness * z / 6 - skewness**2 / 36, 0)**3 - 1)


def normal_quantile(x, skewness):
    if abs(skewness) < 1e-9:
        return x
    return 6 / skewness * (max(1 + skewness * x / 2, 0)**(1 / 3) - 1) + skewness / 6


def binomial(n, p):
    return [comb(n, a) * p**a * (1 - p)**(n - a) for a in range(n + 1)]


def hypergeometric(n1, n2, m):
    low, high = max(0, m - n2), min(n1, m)
    return low, [comb(n1, a) * comb(n2, m - a) / comb(n1 + n2, m) for a in range(low, high + 1)]


class Side:
    """Tables (n1, c, n2) with "higher" meant."""

    def __init__(self, tables, alpha, smallest):
        self.tables = sorted(tables, key=lambda t: (t[1] / t[2], t[0], t[2]))
        self.alpha, self.smallest = alpha, smallest
        self.records = sum(n1 for n1, _, _ in tables)
        self.expected = sum(n1 * c / n2 for n1, c, n2 in tables)
        usual = (self.expected + .5) / (self.records + 1)
        self.odds = [(c + usual) / (n2 - c + 1 - usual) for _, c, n2 in self.tables]
        self.find_critical()

    def rates(self, theta):
        return [exp(theta) * odds / (1 + exp(theta) * odds) for odds in self.odds]

    def theta_for(self, events):
        return halve(-80, 80, lambda t: sum(n1 * p for (n1, _, _), p in zip(self.tables, self.rates(t))) > events)

    def null(self, theta):
        """D, the variance and the third cumulant of S under no difference, in the mean over the unit's events."""
        deviation = variance = third = 0.0
        for (n1, c, n2), p in zip(self.tables, self.rates(theta)):
            n = n1 + n2
            for a, chance in enumerate(binomial(n1, p)):
                m = c + a
                own = n1 * n2 * m * (n - m) / (n * n * (n - 1))
                deviation += chance * (a - n1 * m / n)
                variance += chance * own
                if n > 2:
                    third += chance * own * (n - 2 * n1) * (n - 2 * m) / (n * (n - 2))
        return deviation, variance, third

    def sums(self, theta):
        """Mean, variance and third cumulant of S and of L, and their covariance."""
        found = [0.0] * 7
        for (n1, _, _), p, w in zip(self.tables, self.rates(theta), self.weights):
            variance = n1 * p * (1 - p)
            third = variance * (1 - 2 * p)
            own = [n1 * p, variance, third, w * n1 * p, w * w * variance, w**3 * third, w * variance]
            found = [x + y for x, y in zip(found, own)]
        return found

    def is_significant(self, s):
        s = int(s)
        shares = [n1 * p for (n1, _, _), p in zip(self.tables, self.rates(self.theta_for(s)))]
        if s == 0 or s == self.records:
            shares = [n1 for n1, _, _ in self.tables]
        low, chances, so_far, given = 0, [1.0], 0.0, 0
        for i, ((n1, c, n2), share) in enumerate(zip(self.tables, shares)):
            so_far += share
            until = s if i + 1 == len(shares) else floor(so_far / sum(shares) * s + .5)
            a = min(max(until - given, 0), n1)
            given += a
            first, own = hypergeometric(n1, n2, c + a)
            low += first
            chances = [sum(chances[j] * own[k - j] for j in range(max(0, k - len(own) + 1), min(k, len(chances) - 1) + 1))
                       for k in range(len(chances) + len(own) - 1)]
        place = given - low
        above, below = sum(chances[place:]) - chances[place] / 2, sum(chances[:place + 1]) - chances[place] / 2
        return 2 * min(above, below) <= self.alpha and above < below

    def fewest_significant(self, guess):
        s = min(max(guess, 0), self.records)
        if self.is_significant(s):
            while s > 0 and self.is_significant(s - 1):
                s -= 1
            return s
        while s <= self.records and not self.is_significant(s):
            s += 1
        return s

    def find_critical(self):
        z = halve(0, 40, lambda x: upper(x) < self.alpha / 2)

        def excess(theta):
            deviation, variance, third = self.null(theta)
            return deviation - sqrt(variance) * gamma_quantile(z, third / variance**1.5)

        theta = halve(-40, 40, lambda t: excess(t) > 0)
        deviation, variance, _ = self.null(theta)
        self.weights = []
        for (n1, c, n2), p in zip(self.tables, self.rates(theta)):
            n, m = n1 + n2, c + n1 * p
            by_variance = n1 * n2 / (n * n * (n - 1)) * (n - 2 * m)
            self.weights.append(n2 / n - deviation / (2 * variance) * by_variance)
        mean, own, _, l_mean, l_own, _, both = self.sums(theta)
        step = both / own if own > 0 else 1.0
        fewest = ceil(mean)
        self.critical = l_mean
        if fewest >= self.records or sqrt(max(l_own - step * both, 0)) < .5 * step:
            if variance < 30 or fewest >= self.records:
                fewest = self.fewest_significant(fewest)
            self.critical += (fewest - .5 - mean) * step
        self.material = ceil(self.expected + self.records * self.smallest - 1e-9 * self.records) - .5
        self.possible = fewest <= self.records and self.material <= self.records

    def power(self, x):
        mean, own, third, l_mean, l_own, l_third, both = self.sums(self.theta_for(self.expected + self.records * x))
        return both_above(normal_quantile((self.material - mean) / sqrt(own), third / own**1.5),
                          normal_quantile((self.critical - l_mean) / sqrt(l_own), l_third / l_own**1.5),
                          both / sqrt(own * l_own))

    def reach(self, wanted):
        most = 1 - self.expected / self.records
        low, high = 0.0, most * (1 - 1e-9)
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if self.power(middle) > wanted else (middle, high)
        return low


def tables_of(shape, rng):
    strata, own, peers, rate, spread, _, _ = shape
    for _ in range(strata):
        p = 1 / (1 + exp(-log(rate / (1 - rate)) - spread * rng.gauss(0, 1)))
        n1, n2 = rng.randint(*own), rng.randint(*peers)
        yield n1, sum(rng.random() < p for _ in range(n2)), n2


with open("tests/reference/power_tables.csv", "w") as tables, open("tests/reference/power_values.csv", "w") as results:
    print("id,a,n1,c,n2", file=tables)
    print("id,alpha,smallest,lower,reach_80,at_half,at_most", file=results)
    number = 0
    for shape in SHAPES:
        for seed in range(PER_SHAPE):
            number += 1
            strata = list(tables_of(shape, random.Random(f"{number} {seed}")))
            for n1, c, n2 in strata:
                print(number, 0, n1, c, n2, sep=",", file=tables)
            for lower in (0, 1):
                side = Side([(n1, n2 - c if lower else c, n2) for n1, c, n2 in strata], *shape[5:])
                if not side.possible:
                    continue
                reach = side.reach(.8)
                figures = (reach, side.power(.5 * reach), side.power(.9 * reach))
                print(number, *shape[5:], lower, *(f"{x:.12g}" for x in figures), sep=",", file=results)
