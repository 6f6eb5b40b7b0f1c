"""Documents to take away, drawn from one frozen evaluation: PDF, Word and slides."""
