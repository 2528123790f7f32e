from types import SimpleNamespace

STATES = ["draft", "submitted", "approved", "returned"]
NAMES = ["3 for 2 on coffee", "€5 off €40", "Double points on fruit", "Free loaf <with> soup", "10 % off baby care"]

OFFERS = [
    SimpleNamespace(
        ref=f"OFF-{number:03}",
        name=NAMES[number % len(NAMES)],
        state=STATES[number % len(STATES)],
        redeemed=4812 - 137 * number,
        spend=18_250.5 - 611.37 * number,
        use=0.91 - number * 0.04,
    )
    for number in range(1, 21)
]

FUNNEL = [
    {"label": "Audience", "count": 20_000, "reasons": []},
    {"label": "May be contacted", "count": 15_412, "reasons": [("no consent for e-mail", 4031), ("paused", 557)]},
    {"label": "Eligible", "count": 14_020, "reasons": [("no offer allowed", 1392)]},
    {"label": "Treated", "count": 11_216, "reasons": [("held out", 2804)]},
    {"label": "Assigned", "count": 9870, "reasons": [("nothing pays", 1346)]},
]

DAYS = list(range(1, 15))
LIFT = [0.01, 0.03, 0.02, 0.06, 0.08, 0.11, 0.12, 0.15, 0.16, 0.18, 0.19, 0.2, 0.2, 0.21]

FIGURE = {
    "data": [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "Lift per member",
            "x": DAYS,
            "y": LIFT,
            "error_y": {"type": "constant", "value": 0.08, "thickness": 1, "width": 3},
        },
        {"type": "bar", "name": "Pays", "x": DAYS, "y": [0.02] * 14, "marker": {"color": "--pays"}},
    ],
    "layout": {"xaxis": {"title": {"text": "Day"}}, "yaxis": {"title": {"text": "EUR per member"}}},
}
