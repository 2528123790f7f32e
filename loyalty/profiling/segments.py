"""Segments: rules over the features of members, read from JSON, matched, counted, explained and put into words."""

from loyalty.profiling.conditions import All, AnyOf, Comparison, Not, Rule, RuleError
from loyalty.profiling.explanation import Explanation, explain
from loyalty.profiling.matching import Count, counts, matching
from loyalty.profiling.parsing import parse
from loyalty.profiling.wording import in_words

__all__ = [
    "All",
    "AnyOf",
    "Comparison",
    "Count",
    "Explanation",
    "Not",
    "Rule",
    "RuleError",
    "counts",
    "explain",
    "in_words",
    "matching",
    "parse",
]
