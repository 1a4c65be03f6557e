"""What happened: immutable events, the log that keeps them, and the results that follow from it."""
