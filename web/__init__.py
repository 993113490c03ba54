"""The edge: HTTP, pages, settings, wiring, worker and command line. Sees everything."""
