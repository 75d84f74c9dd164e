"""Who there is, by what authority and with what means."""
