"""`python -m survey.cli`: the command without an installed script."""

from survey.cli import main

main()
