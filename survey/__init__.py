"""Who is asked, who may do what, and what was answered."""
