"""Places beyond what is shipped: full postcodes, services on the internet, a route server; docs/places.md."""
