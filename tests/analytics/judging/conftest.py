from tests.analytics.conftest import campaign, run, terms

__all__ = ["campaign", "run", "terms"]
