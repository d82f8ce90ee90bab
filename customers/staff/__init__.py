"""The account of a staff member: signing in and out, the password, the second factor.

One login page serves the admin and the back office. What the account opens is said elsewhere:
organizations by membership, deeds by Django's groups.
"""
