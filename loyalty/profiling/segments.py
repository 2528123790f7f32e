"""Segments: rules over the features of members, read from JSON, matched, counted, explained and put into words."""

from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import All, AnyOf, Bought, Comparison, Happened, InSegment, Not, Rule, RuleError
from loyalty.profiling.explanation import Explanation, explain
from loyalty.profiling.matching import Bitsets, Count, bitset, counts, matching
from loyalty.profiling.parsing import Saved, parse
from loyalty.profiling.phrasing import in_words

__all__ = [
    "All",
    "AnyOf",
    "Bitset",
    "Bitsets",
    "Bought",
    "Comparison",
    "Count",
    "Explanation",
    "Happened",
    "InSegment",
    "Not",
    "Rule",
    "RuleError",
    "Saved",
    "bitset",
    "counts",
    "explain",
    "in_words",
    "matching",
    "parse",
]
