"""The demo: a made-up region at real places, and the main job told on it."""
