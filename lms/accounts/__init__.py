"""Accounts: signing up and in, several people on one device, forgotten PINs, one's own data."""
