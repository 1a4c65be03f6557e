"""Catalogue, taking a course live, my progress."""
