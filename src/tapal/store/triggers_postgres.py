"""The statements for PostgreSQL, the second wall among them."""

_PERIOD = (
    "(extract(year FROM {at} AT TIME ZONE 'UTC') * 12"
    " + extract(month FROM {at} AT TIME ZONE 'UTC') - 1)::int"
)
_MONTH = _PERIOD.format(at="occurred_at")
_OF_NEW = f"SELECT scope_id, place, {_MONTH} AS period, 1 AS n FROM new_rows"
_OF_OLD = f"SELECT scope_id, place, {_MONTH} AS period, -1 AS n FROM old_rows"


def _add(rows: str) -> str:
    """Each statement adds rows of its own, so that writers never wait for each other."""
    return "".join(
        f"INSERT INTO {table} SELECT scope_id, {column}, sum(n) FROM ({rows}) d"
        " GROUP BY 1, 2 HAVING sum(n) <> 0;"
        for table, column in _TALLIES
    )


_TALLIES = (("store_tally_month", "period"), ("store_tally", "place"))
# Of the small statements one in a hundred folds what has gathered, of the large ones more; unless
# somebody is at it.
_FOLD = (
    " GET DIAGNOSTICS added = ROW_COUNT;"
    " IF random() < 0.01 + added / 10000.0 AND pg_try_advisory_xact_lock(7461706131) THEN "
    + "".join(
        f"WITH gone AS (DELETE FROM {table} RETURNING *)"
        f" INSERT INTO {table} SELECT scope_id, {column}, sum(n) FROM gone"
        " GROUP BY 1, 2 HAVING sum(n) <> 0;"
        for table, column in _TALLIES
    )
    + " END IF;"
)


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$DECLARE added bigint; BEGIN {body} RETURN NULL; END$$"
    )


def _trigger(name: str, when: str, table: str, referencing: str, function: str) -> tuple[str, str]:
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} AFTER {when} ON {table} {referencing}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    )


# Who reads, asked once for a statement; a connection that has not said so sees nothing.
_READER = "(SELECT current_setting('tapal.reader', true))"
_SYSTEM = f"{_READER} = 'system'"
_GRANTED = "(SELECT unnest(string_to_array(current_setting('tapal.scopes', true), ',')::bigint[]))"
_BY_SCOPE = f"{_READER} = 'door' AND scope_id IN {_GRANTED}"
# A row that hangs on a record is there where the record is.
_BY_RECORD = f"{_READER} = 'door' AND EXISTS (SELECT 1 FROM store_record r WHERE r.id = record_id)"
_BY_SUBJECT = (
    f"{_READER} = 'door' AND event_id IN (SELECT id FROM store_event"
    " WHERE subject = (SELECT current_setting('tapal.subject', true)))"
)

WALLED = {
    "store_record": _BY_SCOPE,
    "store_alert": _BY_SCOPE,
    "store_task": _BY_SCOPE,
    "store_tally": _BY_SCOPE,
    "store_tally_month": _BY_SCOPE,
    "store_key": _BY_RECORD,
    "store_finding": _BY_RECORD,
    "store_eventcontent": _BY_SUBJECT,
    # No door reads these.
    "store_identity": "false",
    "store_link": "false",
}


def _wall(table: str, granted: str) -> tuple[str, ...]:
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        # Also against the tables' owner, whom the application is.
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS tapal_wall ON {table}",
        f"CREATE POLICY tapal_wall ON {table} USING ({_SYSTEM} OR ({granted}))"
        f" WITH CHECK ({_SYSTEM})",
    )


# Tables of later migrations than the one that first makes all this.
WALLED_LATER = {
    "store_run": _BY_SCOPE,
    # Cases are read for their members alone, whom no scope names.
    "store_case": "false",
    "store_casemember": "false",
    "store_caseentry": "false",
    "store_attachment": "false",
}


def _wall_later(table: str, granted: str) -> str:
    body = "; ".join(_wall(table, granted))
    return f"DO $wall$ BEGIN IF to_regclass('{table}') IS NOT NULL THEN {body}; END IF; END $wall$"


MAKE = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    # Ranges of keys in the order of their bytes, whatever the database's own order is.
    'ALTER TABLE store_key ALTER COLUMN value TYPE varchar(80) COLLATE "C"',
    "CREATE TABLE IF NOT EXISTS store_tally (scope_id bigint NOT NULL, place text NOT NULL,"
    " n bigint NOT NULL)",
    "CREATE INDEX IF NOT EXISTS store_tally_scope ON store_tally (scope_id, place) INCLUDE (n)",
    "CREATE TABLE IF NOT EXISTS store_tally_month (scope_id bigint NOT NULL, period int NOT NULL,"
    " n bigint NOT NULL)",
    "CREATE INDEX IF NOT EXISTS store_tally_month_scope ON store_tally_month (scope_id, period)"
    " INCLUDE (n)",
    "CREATE TABLE IF NOT EXISTS store_name (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " record_id uuid NOT NULL, scope_id bigint NOT NULL, name text NOT NULL)",
    "CREATE INDEX IF NOT EXISTS store_name_record ON store_name (record_id)",
    # With what a search weighs and gives, so that it need not turn to the table.
    "CREATE INDEX IF NOT EXISTS store_name_scope ON store_name (scope_id, id)"
    " INCLUDE (name, record_id)",
    # By names alone: no search seeks a scope in it.
    "CREATE INDEX IF NOT EXISTS store_name_trgm ON store_name USING gin (name gin_trgm_ops)",
    _function("tapal_tally_insert", _add(_OF_NEW) + _FOLD),
    _function(
        "tapal_tally_delete",
        _add(_OF_OLD) + " DELETE FROM store_name n USING old_rows o WHERE n.record_id = o.id;",
    ),
    _function(
        "tapal_tally_update",
        _add(f"{_OF_NEW} UNION ALL {_OF_OLD}")
        + " UPDATE store_name n SET scope_id = w.scope_id FROM new_rows w, old_rows o"
        " WHERE o.id = w.id AND o.scope_id <> w.scope_id AND n.record_id = w.id;",
    ),
    _function(
        "tapal_tally_empty",
        "DELETE FROM store_tally; DELETE FROM store_tally_month; DELETE FROM store_name;",
    ),
    _function(
        "tapal_agreements_version",
        "INSERT INTO store_cursor AS c (name, position, data) VALUES ('agreements', 1, '{}')"
        " ON CONFLICT (name) DO UPDATE SET position = c.position + 1;",
    ),
    *_trigger(
        "record_tally_insert",
        "INSERT",
        "store_record",
        "REFERENCING NEW TABLE AS new_rows",
        "tapal_tally_insert",
    ),
    *_trigger(
        "record_tally_delete",
        "DELETE",
        "store_record",
        "REFERENCING OLD TABLE AS old_rows",
        "tapal_tally_delete",
    ),
    *_trigger(
        "record_tally_update",
        "UPDATE",
        "store_record",
        "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "tapal_tally_update",
    ),
    *_trigger("record_tally_empty", "TRUNCATE", "store_record", "", "tapal_tally_empty"),
    *_trigger(
        "agreement_version",
        "INSERT OR UPDATE OR DELETE",
        "store_agreement",
        "",
        "tapal_agreements_version",
    ),
    *_trigger(
        "agency_version",
        "INSERT OR UPDATE OR DELETE",
        "store_agency",
        "",
        "tapal_agreements_version",
    ),
    *(statement for table, granted in WALLED.items() for statement in _wall(table, granted)),
    *(_wall_later(table, granted) for table, granted in WALLED_LATER.items()),
)

RECOUNT = (
    "DELETE FROM store_tally",
    "DELETE FROM store_tally_month",
    "INSERT INTO store_tally SELECT scope_id, place, count(*) FROM store_record GROUP BY 1, 2",
    f"INSERT INTO store_tally_month SELECT scope_id, {_MONTH}, count(*) FROM store_record"
    " GROUP BY 1, 2",
)

REMOVE = (
    *(
        statement
        for table in WALLED
        if table not in ("store_tally", "store_tally_month")
        for statement in (
            f"DROP POLICY IF EXISTS tapal_wall ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        )
    ),
    "DROP FUNCTION IF EXISTS tapal_tally_insert, tapal_tally_delete, tapal_tally_update,"
    " tapal_tally_empty, tapal_agreements_version CASCADE",
    "DROP TABLE IF EXISTS store_name",
    "DROP TABLE IF EXISTS store_tally_month",
    "DROP TABLE IF EXISTS store_tally",
)
