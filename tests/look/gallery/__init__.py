"""A design page for ourselves: every component, once in each of its states. Only tests can reach it."""
