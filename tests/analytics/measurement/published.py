"""Published figures that the measures must reproduce, each with its source."""

from analytics.measurement.moments import Moments

# growthbook/growthbook, packages/stats/tests/frequentist/test_tests.py at 8f1db4456915a8e7b7faf23d5632ca7219d2f469:
# control and variation as count, sum, sum of squares; figures to five decimals.
GROWTHBOOK_REFERENCE = Moments(3407, 1396.87, 52377.9767)
GROWTHBOOK_TREATED = Moments(3461, 2422.7, 134698.29)
GROWTHBOOK_ABSOLUTE = {"estimate": 0.29, "low": 0.04538, "high": 0.53462, "p": 0.02016}
GROWTHBOOK_RELATIVE = {"relative": 0.70732, "relative_low": -0.03526, "relative_high": 1.44989}

# The same file: 14 of 28 against 16 of 30, whose variance it takes as p (1 - p), without n - 1.
GROWTHBOOK_SHARES = ((14, 28), (16, 30))
GROWTHBOOK_SHARES_RELATIVE = {"relative": 0.06667, "relative_low": -0.47767, "relative_high": 0.61101}

# Fagerland, Lydersen, Laake 2015, table of 7 of 34 against 1 of 34 (Newcombe to three decimals), and R PropCIs
# for Koopman's ratio, both by way of statsmodels/stats/tests/test_proportion.py.
FAGERLAND_COUNTS = (7, 34, 1, 34)
FAGERLAND_NEWCOMBE = (0.019, 0.340)
FAGERLAND_KOOPMAN = (1.220853, 42.575718)

# Members found, shares planned, p. The first two from lukasvermeer.nl/srm; the third from Kohavi, Tang, Xu,
# "Trustworthy Online Controlled Experiments" (2020), chapter 3; the last two computed from the chi-square tables.
SAMPLE_RATIOS = [
    ((502, 498), (0.5, 0.5), 0.8993431886),
    ((600, 400), (0.5, 0.5), 2.5396e-10),
    ((821588, 815482), (0.5, 0.5), 1.82179e-06),
    ((9900, 90100), (0.1, 0.9), 0.2918405451),
    ((10292, 89708), (0.1, 0.9), 0.002084297),
]

# growthbook/growthbook, packages/shared/test/power.test.ts: mean, variance, members per arm (a third of 400,000),
# and two pairs of a relative lift and the power to find it.
GROWTHBOOK_POWER = {"mean": 10.0, "variance": 3909.9997749994377, "per_arm": 400_000 / 3}
GROWTHBOOK_POWER_PAIRS = [(0.05, 0.52144), (0.07027, 0.8)]

# R's pwr, by way of statsmodels/stats/tests/test_power.py: normal test, effect 0.3, 80 members in each arm.
R_POWER = {"effect": 0.3, "per_arm": 80, "power": 0.475100870572638}

# Members, share held out, detectable relative lift in per cent: (1.95996 + 0.84162) CV / sqrt(N h (1 - h)) with CV = 2,
# worked by hand from the formula of Bloom 1995.
DETECTABLE_PERCENT = [
    (20_000, 0.05, 18.2),
    (20_000, 0.10, 13.2),
    (20_000, 0.20, 9.9),
    (100_000, 0.05, 8.1),
    (100_000, 0.10, 5.9),
    (500_000, 0.20, 2.0),
    (1_000_000, 0.10, 1.9),
    (10_000_000, 0.05, 0.81),
    (10_000_000, 0.20, 0.44),
]

# Card and Krueger 1994, table 3: employment before and after in New Jersey and in Pennsylvania, and their difference.
CARD_KRUEGER = {"treated": (20.44, 21.03), "reference": (23.33, 21.17), "difference": 2.76}
