"""The pages of daily work, under `/backoffice/`: find a customer, understand it, change it.

Every page belongs to one organization and one mode, which are part of its URL, and reads rows
through the same `visible_to()` as the contracts.
"""
