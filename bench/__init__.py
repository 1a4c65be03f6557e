"""Every figure the README claims, each against a baseline measured in the same run."""
