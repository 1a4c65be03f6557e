"""The floor every `routes.py` stands on: the only shared code that knows HTTP."""
