"""What is wrong in the user's request."""


class AnalyzerError(Exception):
    """The request cannot be carried out; the message is one sentence that says what to do."""
