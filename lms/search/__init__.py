"""Text across courses."""
