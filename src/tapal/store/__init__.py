"""The tables. Only `flow` writes to them; reading goes through `queries` and the reading door."""
