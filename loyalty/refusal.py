class Refused(Exception):  # noqa: N818 - a refusal is an answer to the reader, not an error of the program
    """What was asked cannot be done now; the message is one sentence that says what to do instead."""
