"""Figures as Plotly's plain dictionaries, one module each: colours and fonts come from the page's tokens."""
