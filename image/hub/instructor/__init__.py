"""The instructor's page: who is in, and what to do for the whole class at once.

A service of the hub's, with rights of its own: it may list people, start and stop servers.
"""
