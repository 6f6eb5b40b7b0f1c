"""Catalogues: fresh, harmless, and enough to add a language."""
