"""Measurements run by hand: ``python -m benchmarks [TABLE…]`` prints them as tables.  No test runs them."""
