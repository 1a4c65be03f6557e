"""Who: persons, their documents, PINs, roles and the profiles that are theirs. Nothing here knows HTTP."""
