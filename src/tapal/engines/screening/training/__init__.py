"""Practice lists and queries of invented people, and the fitting of `codes/weights.csv` to them.

`python -m tapal.engines.screening.training` makes the weights again. No name, list or query of
any evaluation set is read here.
"""
