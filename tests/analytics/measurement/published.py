"""Published figures that are not among the vectors, each with its source."""

from analytics.measurement.moments import Ratio
from analytics.measurement.ratio import PairedRatio

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

# What the adjusted ratio of the vectors is of: growthbook/growthbook, packages/stats/tests/test_gbstats.py
# (RATIO_RA_STATISTICS_DF).
PAIRED_RATIO_REFERENCE = PairedRatio(
    outcome=Ratio(100, 485.112236689623, 2715.484666118136, 679.9093275844917, 4939.424001640236, 3602.146836776702),
    before=Ratio(100, 192.59138069991536, 460.076026390857, 290.1398399750233, 920.9461385038898, 634.239482353647),
    m_m=1113.6215759318352,
    d_d=2130.9404074446747,
    m_d=1559.2878434944676,
    d_m=1460.3181079276983,
)
PAIRED_RATIO_TREATED = PairedRatio(
    outcome=Ratio(100, 514.7757826608777, 2994.897482705013, 705.4090874383759, 5291.36604146392, 3918.1561431600717),
    before=Ratio(100, 206.94157227402536, 514.2903702246757, 302.54389139107326, 994.4506208125663, 698.4173425817913),
    m_m=1237.0953021125997,
    d_d=2292.081739775257,
    m_d=1701.0287270040265,
    d_m=1604.075950326651,
)
