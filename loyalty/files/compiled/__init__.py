"""Compiled loops over plain CSV: imported only where a large file is read, as the compiler takes a second to import."""
