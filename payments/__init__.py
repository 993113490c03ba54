"""Accounts and transfers: what money a budget has and where it went. Knows no bookings, and no people beyond an id."""
