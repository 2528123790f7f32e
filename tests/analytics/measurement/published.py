"""Published figures that the measures must reproduce, each with its source."""

from analytics.measurement.moments import Moments, Paired, Ratio
from analytics.measurement.ratio import PairedRatio

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

# growthbook/growthbook, packages/stats/tests/test_gbstats.py (RA_STATISTICS_DF): outcome, before, their
# products.
GROWTHBOOK_PAIRED_REFERENCE = Paired(3001, 300, 600, 210, 415, -20)
GROWTHBOOK_PAIRED_TREATED = Paired(3000, 222, 555, 120, 405, -10)
GROWTHBOOK_ADJUSTED = {"theta": -0.0732119403, "relative": -0.281707154, "error": 0.0971048764, "p": 0.003732549}

# The same file (RATIO_STATISTICS_DF).
GROWTHBOOK_RATIO_REFERENCE = Ratio(100, m=270, mm=848.79, d=510, dd=810, md=-900)
GROWTHBOOK_RATIO_TREATED = Ratio(120, m=300, mm=869, d=500, dd=800, md=-905)
GROWTHBOOK_RATIO = {"treated": 0.6, "reference": 0.529411765, "relative": 0.133333333, "p": 0.610663339}

# The same file (RATIO_RA_STATISTICS_DF).
GROWTHBOOK_PAIRED_RATIO_REFERENCE = PairedRatio(
    outcome=Ratio(100, 485.112236689623, 2715.484666118136, 679.9093275844917, 4939.424001640236, 3602.146836776702),
    before=Ratio(100, 192.59138069991536, 460.076026390857, 290.1398399750233, 920.9461385038898, 634.239482353647),
    m_m=1113.6215759318352,
    d_d=2130.9404074446747,
    m_d=1559.2878434944676,
    d_m=1460.3181079276983,
)
GROWTHBOOK_PAIRED_RATIO_TREATED = PairedRatio(
    outcome=Ratio(100, 514.7757826608777, 2994.897482705013, 705.4090874383759, 5291.36604146392, 3918.1561431600717),
    before=Ratio(100, 206.94157227402536, 514.2903702246757, 302.54389139107326, 994.4506208125663, 698.4173425817913),
    m_m=1237.0953021125997,
    d_d=2292.081739775257,
    m_d=1701.0287270040265,
    d_m=1604.075950326651,
)
GROWTHBOOK_ADJUSTED_RATIO = {"relative": -0.000701483, "relative_low": -0.00841, "relative_high": 0.007}
GROWTHBOOK_ADJUSTED_RATIO_P = 0.857710405

# The same repository, packages/stats/tests/frequentist/test_tests.py: always-valid intervals of the relative lift, the
# second of shares with p (1 - p) as the variance. Reference, treated, members planned, and the figures.
GROWTHBOOK_SEQUENTIAL = (Moments(3000, 1396.87, 52377.9767), Moments(3461, 2422.7, 134698.29), 1000)
GROWTHBOOK_SEQUENTIAL_FIGURES = {"relative": 0.50336, "error": 0.33341, "low": -0.55844, "high": 1.56516, "p": 1.0}
GROWTHBOOK_SEQUENTIAL_SHARES = ((1396, 3000), (2422, 3461), 5000)
GROWTHBOOK_SEQUENTIAL_SHARES_FIGURES = {
    "relative": 0.50386,
    "error": 0.03386,
    "low": 0.40098,
    "high": 0.60675,
    "p": 0.0,
}

# gostevehoward/confseq, test/uniform_boundaries_unittest.cpp at 70b1ef30aef08ad459815ea87fc25248f8b15178, from R.
NORMAL_MIXTURE = {"variance": 100, "alpha": 0.05, "rho": 12.60056, "log_at_10": -0.6510052, "bound": 30.35209}

# growthbook/growthbook, packages/shared/test/experiments.test.ts.
BENJAMINI_HOCHBERG = (
    (0.898, 0.138, 0.007, 0.964, 0.538, 0.006, 0.138),
    (0.964, 0.2415, 0.0245, 0.964, 0.7532, 0.0245, 0.2415),
)
HOLM = ((0.01, 0.04, 0.03, 0.005, 0.55, 0.6), (0.05, 0.12, 0.12, 0.03, 1.0, 1.0))
# R's multtest, by way of statsmodels/stats/tests/test_multi.py: p, and the adjusted ones in ascending order of p.
R_MULTTEST = (
    (
        0.838541367553, 0.642193923795, 0.680845947633, 0.967833824309, 0.71626938238, 0.177096952723,
        5.23656777208e-05, 0.0202732688798, 0.00028140506198, 0.0149877310796,
    ),
    (
        0.0005236567772, 0.0014070253099, 0.04995910359866667, 0.0506831721995, 0.354193905446, 0.895336727975,
        0.895336727975, 0.895336727975, 0.931712630614, 0.967833824309,
    ),
)  # fmt: skip

# R's pwr, by way of statsmodels: effects, members in each arm, power of the normal test.
R_POWERS = [(0.3, 80, 0.475100870572638), (0.01, 80, 0.05045832927039234)]

# Imbens and Rubin 1997 (vitamin A, Sommer and Zeger 1984): children who survived, of those assigned and not; 0.0026
# (0.0009) and 0.0032 (0.0012) in print, computed from the counts to more figures.
VITAMIN_A = {
    "treated": Paired(12_094, 12_048, 12_048, 9675, 9675, 9663),
    "reference": Paired(11_588, 11_514, 11_514, 0, 0, 0),
}
VITAMIN_A_FIGURES = {"itt": 0.0025823775, "itt_error": 0.00092783, "cace": 0.0032280386, "cace_error": 0.00115916}

# Five decisions by hand, with the formulas of st-tech/zr-obp, obp/ope/estimators.py at
# 8cbd5fa4558b7ad2ba4781546d6604e4cc3e07c4.
LOGGED = {
    "reward": (1, 0, 1, 1, 0),
    "logged": (0.5, 0.25, 0.5, 0.2, 0.8),
    "target": (0.8, 0.1, 0.4, 0.6, 0.3),
    "predicted_logged": (0.6, 0.2, 0.5, 0.7, 0.1),
    "predicted_target": (0.55, 0.25, 0.45, 0.65, 0.2),
}
LOGGED_FIGURES = {"ips": 1.08, "snips": 0.8744939271, "dm": 0.42, "dr": 0.7845, "effective": 3.0502974851}
