"""Real people and requests from files: read, every problem noted, then all stored or nothing; docs/importing.md."""
