"""What a questionnaire is and what its answers are worth; knows no database and no web session."""
