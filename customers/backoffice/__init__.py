"""The pages of daily work, under `/backoffice/`: find a customer, understand it, change it.

Every page belongs to one organization and one mode, which stand in its address, and shows what a
`Credential` of these shows: the same gate that the contracts go through.
"""
