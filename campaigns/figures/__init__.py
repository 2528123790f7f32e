"""Figures as Plotly's plain dictionaries: colours and fonts come from the page's tokens, never from here."""
