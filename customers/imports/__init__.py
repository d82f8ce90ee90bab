"""Customers from files, and back into files: read, matched, checked, applied, undone, exported.

Nothing here knows of HTTP. Each step is a generator that says after every chunk how many rows it
has done: whoever runs it shows that, and closing it early rolls everything back.
"""
