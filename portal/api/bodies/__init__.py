"""What programs send, by noun: fields and their form; what they mean is the services' to check."""
