"""How fast the service is, as ratios against denominators measured in the same run.

`make bench ARGS="--only 1,3"`; docs/performance.md says what the numbers mean.
"""
