"""Rows of a file on their way into the database: staged by COPY, judged against what is known, merged as sets."""
