"""The lake's engine: one Delta table of events, written by deltalake and asked through Ibis by DuckDB.

Plain rows go in, plain rows come out. Nobody else imports these libraries.
"""
