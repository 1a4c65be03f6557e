"""Carrying events between devices and servers: by network, by file, by a person."""
