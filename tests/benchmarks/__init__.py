"""Ourselves measured beside our peers, in one run on one machine; docs/benchmarks.md says how to read it."""
