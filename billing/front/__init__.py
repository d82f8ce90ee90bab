"""What stands before Django in `manage.py serve`: an ASGI application that awaits each request's
body and then has one of a few threads work on it.

Django runs as it does under WSGI, one request in a thread, and each thread has one connection to
the database. A client that is slow to send or to receive holds neither. What waits has an end: a
body, a request for a thread, a statement, a lock.
"""
