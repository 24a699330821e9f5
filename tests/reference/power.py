"""The power of the exact test, by the approximation that engine/stats/power.h describes, in sums over every outcome and by halving.

python3 tests/reference/power.py
"""
import itertools
import math
import random
from math import ceil, comb, erfc, exp, floor, log, log10, sqrt

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
    (4, (5, 8), (1, 12), .3, 2, .05, .1),              # a few records against a few peers
]
# The unit's records, peers' events, peers' records: where the approximation was furthest from the truth. The first are
# of so few outcomes that each is tried.
HARD = [
    (.05, .1, [(1, 12, 12), (7, 2, 2)]),
    (.05, 0, [(4, 0, 4), (1, 0, 12)]),
    (.05, 0, [(8, 0, 1), (4, 0, 3)]),
    (.05, .1, [(8, 2, 2), (1, 12, 12)]),
    (.05, .1, [(7, 0, 3), (1, 0, 4)]),
    (.05, 0, [(1, 8, 9), (8, 1, 1)]),
    (.05, 0, [(2, 0, 10), (3, 0, 1), (2, 0, 2)]),
    (.05, .1, [(2, 1, 1), (2, 10, 11), (5, 11, 11)]),
    (.05, .1, [(4, 0, 12)]),                           # two events have a mid-p of exactly alpha
    (.05, .05, [(7, 406, 406)]),
    (1e-6, .1, [(2, 4, 11), (3, 0, 11), (6, 0, 4), (5, 0, 1)]),
    (.05, 0, [(3, 0, 3), (6, 2, 2), (8, 2, 2), (4, 11, 11)]),
    (.05, .05, [(8, 9, 9), (1, 0, 12), (8, 9, 9), (1, 7, 7), (2, 8, 8), (4, 0, 12)]),
    (.05, 0, [(8, 1, 1), (5, 2, 12), (1, 12, 12), (5, 0, 3)]),
    (.05, 0, [(10, 1, 9), (14, 1, 1)]),                # 165 outcomes
    (.0005, .05, [(6, 1, 1), (7, 4, 9), (6, 7, 12)]),  # significant only if all its records are events
    (.05, 0, [(2, 0, 8), (3, 3, 10), (5, 1, 1), (2, 3, 10), (3, 0, 10)]),
    (1e-6, .05, [(6, 8, 12), (2, 4, 5), (8, 1, 1), (2, 1, 1), (4, 7, 7), (1, 0, 8)]),
    (1e-6, 0, [(11, 10, 11), (50, 5, 5)]),             # one event more changes what both strata get
    (.0005, .1, [(43, 6, 6), (18, 0, 1), (28, 0, 9), (32, 2, 6), (1, 5, 8), (31, 2, 11)]),
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


WAYS, NEARBY, MOST_OUTCOMES = 8, 64, 256


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
        for (n1, _, _), p, w, odds in zip(self.tables, self.rates(theta), self.weights, self.odds):
            variance = n1 * p / (1 + exp(theta) * odds)    # 1 - p would be rounded where p is nearly 1
            third = variance * (1 - 2 * p)
            own = [n1 * p, variance, third, w * n1 * p, w * w * variance, w**3 * third, w * variance]
            found = [x + y for x, y in zip(found, own)]
        return found

    def log10_p(self, events):
        """log10 of the mid-p of an outcome (its events in each stratum) less that of alpha; of 1 if it lies on the other side."""
        low, chances = 0, [1.0]
        for (n1, c, n2), a in zip(self.tables, events):
            first, own = hypergeometric(n1, n2, c + a)
            low += first
            chances = [sum(chances[j] * own[k - j] for j in range(max(0, k - len(own) + 1), min(k, len(chances) - 1) + 1))
                       for k in range(len(chances) + len(own) - 1)]
        place = sum(events) - low
        above, below = sum(chances[place:]) - chances[place] / 2, sum(chances[:place + 1]) - chances[place] / 2
        if len(chances) == 1 or above >= below:
            return -log10(self.alpha)
        return log10(2 * above) - log10(self.alpha) - 1e-9

    def spread(self, s, offset):
        s = int(s)
        shares = [n1 * p for (n1, _, _), p in zip(self.tables, self.rates(self.theta_for(s)))]
        if s == 0 or s == self.records:
            shares = [n1 for n1, _, _ in self.tables]
        so_far, given, events = 0.0, 0, []
        for i, ((n1, _, _), share) in enumerate(zip(self.tables, shares)):
            so_far += share
            until = s if i + 1 == len(shares) else floor(so_far / sum(shares) * s + offset)
            events.append(min(max(until - given, 0), n1))
            given += events[-1]
        return events

    def is_significant(self, s):
        return self.log10_p(self.spread(s, .5)) <= 0

    def ways(self, s):
        """The share of the ways to spread s events that is significant, and the means of log10 p and of L."""
        all_events = [self.spread(s, (i + .5) / WAYS) for i in range(WAYS)]
        found = [self.log10_p(events) for events in all_events]
        l = [sum(w * a + bend * ((a - mean)**2 - rest)
                 for a, w, bend, mean, rest in zip(events, self.weights, self.bends, self.means, self.rests))
             for events in all_events]
        return sum(x <= 0 for x in found) / WAYS, sum(found) / WAYS, sum(l) / WAYS

    def fewest_significant(self, guess):
        s = min(max(guess, 0), self.records)
        if self.is_significant(s):
            while s > 0 and self.is_significant(s - 1):
                s -= 1
            return s
        while s <= self.records and not self.is_significant(s):
            s += 1
        return s

    def mean_critical(self, fewest):
        if len(self.tables) == 1:
            return fewest
        mean = fewest
        for s in range(fewest, min(fewest + NEARBY, self.records)):
            share = self.ways(s)[0]
            if share == 1:
                break
            mean += 1 - share
        for s in range(fewest - 1, max(fewest - NEARBY, -1), -1):
            share = self.ways(s)[0]
            if share == 0:
                break
            mean -= share
        return mean

    def critical_l(self, fewest):
        """Between the first whole number from here that is significant in the mean and the last that is not."""
        high = fewest
        while self.ways(high)[1] > 0 and high < self.records:
            high += 1
        while high > 0 and self.ways(high - 1)[1] <= 0:
            high -= 1
        (_, p1, l1), (_, p0, l0) = self.ways(high), self.ways(high - 1)
        return l1 + (l0 - l1) * p1 / (p1 - p0)

    def linearise(self, theta):
        deviation, variance, _ = self.null(theta)
        self.weights, self.means, self.bends = [], [], []
        for (n1, c, n2), p in zip(self.tables, self.rates(theta)):
            n, m = n1 + n2, c + n1 * p
            by_variance = n1 * n2 / (n * n * (n - 1))
            self.weights.append(n2 / n - deviation / (2 * variance) * by_variance * (n - 2 * m))
            self.means.append(n1 * p)
            self.bends.append(deviation / (2 * variance) * by_variance)
        mean, own, _, self.critical, l_own, _, both = self.sums(theta)
        variances = [x * (1 - x / n1) for x, (n1, _, _) in zip(self.means, self.tables)]
        self.rests = [x * (1 - x / own) if own > 0 else 0.0 for x in variances]
        step = both / own if own > 0 else 1.0
        return mean, step, variance, sqrt(max(l_own - step * both, 0)) < .5 * step

    def find_critical(self):
        self.material = ceil(self.expected + self.records * self.smallest - 1e-9 * self.records) - .5
        self.outcomes = None
        if math.prod(n1 + 1 for n1, _, _ in self.tables) <= MOST_OUTCOMES:
            self.try_outcomes()
            return
        z = halve(0, 40, lambda x: upper(x) < self.alpha / 2)

        def excess(theta):
            deviation, variance, third = self.null(theta)
            return deviation - sqrt(variance) * gamma_quantile(z, third / variance**1.5)

        theta = halve(-40, 40, lambda t: excess(t) > 0)
        mean, step, variance, in_steps = self.linearise(theta)
        fewest = ceil(mean)
        in_steps = in_steps or fewest >= self.records
        if variance < 30 or fewest >= self.records:
            fewest = self.fewest_significant(fewest)
            self.possible = fewest <= self.records and self.material <= self.records
            if not self.possible:
                return
            if 0 < fewest < self.records:
                mean, step, _, in_steps = self.linearise(self.theta_for(fewest))
            if in_steps:
                fewest = self.mean_critical(fewest)
            else:
                self.critical = self.critical_l(fewest)
        if in_steps:
            self.critical += (fewest - .5 - mean) * step
        self.possible = fewest <= self.records and self.material <= self.records

    def try_outcomes(self):
        significant = [events for events in itertools.product(*(range(n1 + 1) for n1, _, _ in self.tables))
                       if sum((a * n2 - c * n1) / (n1 + n2) for a, (n1, c, n2) in zip(events, self.tables)) > 0
                       and self.log10_p(events) <= 0]
        self.outcomes = [events for events in significant if sum(events) > self.material]
        self.possible = bool(significant) and self.material <= self.records

    def power(self, x):
        if self.outcomes is not None:
            chances = [binomial(n1, p) for (n1, _, _), p in
                       zip(self.tables, self.rates(self.theta_for(self.expected + self.records * x)))]
            return sum(math.prod(own[a] for own, a in zip(chances, events)) for events in self.outcomes)
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
    cases = [(shape[5:], list(tables_of(shape, random.Random(f"{PER_SHAPE * i + seed + 1} {seed}"))))
             for i, shape in enumerate(SHAPES) for seed in range(PER_SHAPE)]
    cases += [((alpha, smallest), strata) for alpha, smallest, strata in HARD]
    for number, (plan, strata) in enumerate(cases, 1):
        for n1, c, n2 in strata:
            print(number, 0, n1, c, n2, sep=",", file=tables)
        for lower in (0, 1):
            side = Side([(n1, n2 - c if lower else c, n2) for n1, c, n2 in strata], *plan)
            if not side.possible:
                continue
            reach = side.reach(.8)
            figures = (reach, side.power(.5 * reach), side.power(.9 * reach))
            print(number, *plan, lower, *(f"{x:.12g}" for x in figures), sep=",", file=results)
