"""What can go wrong before there is a database to talk to."""


class PostgresUnavailable(RuntimeError):
    """No server of our own can be had here; the text is a plain sentence that says what to do."""
