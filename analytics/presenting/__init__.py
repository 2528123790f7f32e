"""What was frozen, as pages show it: with figures, and in the order that a reader asks."""
