"""Webhooks: the events of a tenant, sent to the addresses that it has named.

- `models`: endpoints, how far each has followed the feed of events, the deliveries of these, and
  every attempt at one;
- `dispatcher`: makes deliveries of new events, and tickets for endpoints that have something due;
- `tasks`: works a ticket off, as a task of procrastinate;
- `sender` and `addresses`: one signed request to an address that is not inside.

A ticket stands for an endpoint, not for a delivery: its deliveries are sent in one go, in order per
customer, and the queue does once for hundreds what it would have to do for each.
"""
