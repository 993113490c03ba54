"""Matching outside the service: two files in, one out; and the region's market and models from the command line."""
