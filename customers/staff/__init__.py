"""Staff accounts: signing in and out, the password, the second factor.

The admin and the back office share one login page. Memberships decide which organizations an
account sees, and Django's groups what it may do.
"""
