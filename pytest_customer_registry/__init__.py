"""A pytest plugin that gives the tests of any project the whole customer registry.

It is a package of its own, which imports nothing of the registry's and nothing of Django: the
project under test may have packages called `billing` or `customers`, and settings of its own. The
registry runs in another process (`python -m billing double`).
"""
