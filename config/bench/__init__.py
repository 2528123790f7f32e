"""Claims of speed, each measured beside its baseline in one process. Nothing fails because a machine is slow."""
