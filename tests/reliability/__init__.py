"""Samples of the long reliability runs, and proof that each of them sees a planted defect."""
