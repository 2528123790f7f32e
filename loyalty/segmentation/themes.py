"""Features by what they are about, in the order in which somebody looks for one; a retailer's own come last."""

from collections.abc import Mapping

from loyalty.profiling import families, stating
from loyalty.profiling.table import Feature

BOUGHT = "Departments"
TOLD = "What they told us"
OWN = "Other details"
THEMES = {
    "Shopping rhythm": ("lifecycle", "stage_days", "recency_days", "interval_days"),
    "Spending": (
        "baskets_365",
        "spend_365",
        "average_basket",
        "baskets_total",
        "spend_trend",
        "lines_per_basket",
        "discount_share",
        "discount_sensitivity",
        "baskets_30",
        "baskets_90",
        "spend_30",
        "spend_90",
    ),
    BOUGHT: ("top_category",),
    "Places": ("channel_preference", "daypart_preference", "home_store", "home_region", "postcode_area"),
    "Attention": ("engaged_days", "opens_30", "opens_90", "clicks_30", "clicks_90", "views_30", "views_90"),
    "Membership": ("tier", "tenure_days", "age"),
    TOLD: (),
    "Scores": ("rfm_cell", "recency_score", "frequency_score", "monetary_score"),
    OWN: (),
}
_OF = {name: theme for theme, names in THEMES.items() for name in names}


def by_theme(features: Mapping[str, Feature]) -> list[tuple[str, list[Feature]]]:
    """All features, each under one theme; themes without a feature are left out."""
    found: dict[str, list[Feature]] = {theme: [] for theme in THEMES}
    known = [name for name in _OF if name in features]
    for name in (*known, *(name for name in features if name not in _OF)):
        found[_theme(name)].append(features[name])
    return [(theme, members) for theme, members in found.items() if members]


def _theme(name: str) -> str:
    if name in _OF:
        return _OF[name]
    if stating.is_told(name):
        return TOLD
    return BOUGHT if name.partition(":")[0] in families.BY_DEPARTMENT else OWN
