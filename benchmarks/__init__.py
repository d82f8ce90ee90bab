"""Benchmarks: `make bench` times the APIs, `make bench-pages` the pages. See README.md here."""
