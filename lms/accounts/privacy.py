"""The notice a person accepts when an account is made; its words stand in `templates/privacy.html`."""

VERSION = "2026-11-26.2"
"""Kept with the date beside each acceptance. Change it whenever the notice's words change in meaning."""
