"""People, needs, introductions, agreements, bookings and hours: our words and rules."""
