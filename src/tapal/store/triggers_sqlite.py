"""The statements for SQLite."""

_PERIOD = (
    "CAST(substr({row}.occurred_at, 1, 4) AS INTEGER) * 12"
    " + CAST(substr({row}.occurred_at, 6, 2) AS INTEGER) - 1"
)

# A scope number as three letters, as `names.tag` makes them.
_TAG = (
    "char(19968 + NEW.scope_id / 16777216, 19968 + NEW.scope_id / 4096 % 4096,"
    " 19968 + NEW.scope_id % 4096)"
)


def _count(row: str, step: int) -> str:
    return (
        "INSERT INTO store_tally (scope_id, place, n)"
        f" VALUES ({row}.scope_id, {row}.place, {step})"
        f" ON CONFLICT (scope_id, place) DO UPDATE SET n = n + ({step});"
        " INSERT INTO store_tally_month (scope_id, period, n)"
        f" VALUES ({row}.scope_id, {_PERIOD.format(row=row)}, {step})"
        f" ON CONFLICT (scope_id, period) DO UPDATE SET n = n + ({step});"
    )


def _version(table: str) -> tuple[str, ...]:
    """Every change of an agreement or an agency makes what was compiled from them void."""
    return tuple(
        f"CREATE TRIGGER IF NOT EXISTS {table}_{act.lower()}_version AFTER {act} ON {table} BEGIN"
        " INSERT INTO store_cursor (name, position, data) VALUES ('agreements', 1, '{}')"
        " ON CONFLICT (name) DO UPDATE SET position = position + 1; END"
        for act in ("INSERT", "UPDATE", "DELETE")
    )


MAKE = (
    "CREATE TABLE IF NOT EXISTS store_tally (scope_id INTEGER NOT NULL, place TEXT NOT NULL,"
    " n INTEGER NOT NULL, PRIMARY KEY (scope_id, place)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS store_tally_month (scope_id INTEGER NOT NULL,"
    " period INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (scope_id, period)) WITHOUT ROWID",
    "CREATE TRIGGER IF NOT EXISTS record_tally_insert AFTER INSERT ON store_record BEGIN"
    f" {_count('NEW', 1)} END",
    "CREATE TRIGGER IF NOT EXISTS record_tally_delete AFTER DELETE ON store_record BEGIN"
    f" {_count('OLD', -1)} DELETE FROM store_name WHERE record_id = OLD.id; END",
    "CREATE TRIGGER IF NOT EXISTS record_tally_update"
    " AFTER UPDATE OF scope_id, place, occurred_at ON store_record"
    " WHEN OLD.scope_id <> NEW.scope_id OR OLD.place <> NEW.place"
    " OR OLD.occurred_at <> NEW.occurred_at"
    f" BEGIN {_count('OLD', -1)} {_count('NEW', 1)}"
    f" UPDATE store_name SET scope_id = NEW.scope_id, tag = {_TAG} WHERE record_id = NEW.id; END",
    # An explicit integer key: VACUUM renumbers what has none, and the index would point astray.
    "CREATE TABLE IF NOT EXISTS store_name (id INTEGER PRIMARY KEY, record_id CHAR(32) NOT NULL,"
    " scope_id INTEGER NOT NULL, name TEXT NOT NULL, tag TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS store_name_record ON store_name (record_id)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS store_name_fts USING fts5 (name, tag,"
    " content='store_name', content_rowid='id', tokenize='trigram', columnsize=0)",
    "CREATE TRIGGER IF NOT EXISTS store_name_insert AFTER INSERT ON store_name BEGIN"
    " INSERT INTO store_name_fts (rowid, name, tag) VALUES (NEW.id, NEW.name, NEW.tag); END",
    "CREATE TRIGGER IF NOT EXISTS store_name_delete AFTER DELETE ON store_name BEGIN"
    " INSERT INTO store_name_fts (store_name_fts, rowid, name, tag)"
    " VALUES ('delete', OLD.id, OLD.name, OLD.tag); END",
    "CREATE TRIGGER IF NOT EXISTS store_name_update AFTER UPDATE ON store_name BEGIN"
    " INSERT INTO store_name_fts (store_name_fts, rowid, name, tag)"
    " VALUES ('delete', OLD.id, OLD.name, OLD.tag);"
    " INSERT INTO store_name_fts (rowid, name, tag) VALUES (NEW.id, NEW.name, NEW.tag); END",
    *_version("store_agreement"),
    *_version("store_agency"),
)

RECOUNT = (
    "DELETE FROM store_tally",
    "DELETE FROM store_tally_month",
    "INSERT INTO store_tally SELECT scope_id, place, count(*) FROM store_record GROUP BY 1, 2",
    f"INSERT INTO store_tally_month SELECT scope_id, {_PERIOD.format(row='store_record')},"
    " count(*) FROM store_record GROUP BY 1, 2",
)

REMOVE = (
    "DROP TRIGGER IF EXISTS record_tally_insert",
    "DROP TRIGGER IF EXISTS record_tally_delete",
    "DROP TRIGGER IF EXISTS record_tally_update",
    *(
        f"DROP TRIGGER IF EXISTS {table}_{act}_version"
        for table in ("store_agreement", "store_agency")
        for act in ("insert", "update", "delete")
    ),
    "DROP TABLE IF EXISTS store_name_fts",
    "DROP TABLE IF EXISTS store_name",
    "DROP TABLE IF EXISTS store_tally_month",
    "DROP TABLE IF EXISTS store_tally",
)
