"""The composition of the portal: it imports everything and nothing imports it."""
