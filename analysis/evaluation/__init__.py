"""What a wave says: sections with a finding, tables, charts. Pages and files only lay them out."""
