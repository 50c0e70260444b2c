"""Questions to the database that the ORM cannot put well: the same on SQLite and PostgreSQL."""
