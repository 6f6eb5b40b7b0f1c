"""What the commissioner learns: counts, summaries, protected tables, pages and files."""
