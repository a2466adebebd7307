"""What keeps honest people from editing facts: triggers, in each database's own words.

They stop accidents and are no proof; whoever can drop them is found out by `proving.verify`.
"""

from sqlalchemy import Connection, text

MADE = {
    "sqlite": (
        "CREATE TRIGGER facts_never_change BEFORE UPDATE ON facts "
        "BEGIN SELECT RAISE(ABORT, 'facts never change'); END",
        "CREATE TRIGGER facts_never_go BEFORE DELETE ON facts "
        "BEGIN SELECT RAISE(ABORT, 'facts never go'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION facts_never_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'facts never change or go'; END$$",
        "CREATE TRIGGER facts_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON facts "
        "FOR EACH STATEMENT EXECUTE FUNCTION facts_never_change()",
    ),
}

# How many still stand as they were made. 58 is BEFORE (2), DELETE (8), UPDATE (16), TRUNCATE (32).
STANDING = {
    "sqlite": (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'facts' "
        "AND name IN ('facts_never_change', 'facts_never_go') AND sql LIKE '%RAISE(ABORT%'",
        2,
    ),
    "postgresql": (
        "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgrelid = 'facts'::regclass AND t.tgname = 'facts_never_change' "
        "AND t.tgtype = 58 AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL "
        "AND p.prosrc LIKE 'BEGIN RAISE EXCEPTION %'",
        1,
    ),
}


def make(connection: Connection) -> None:
    """Put the guards on a new table of facts."""
    for statement in MADE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def stand(connection: Connection) -> bool:
    """Whether every guard is still what it was made as."""
    query, expected = STANDING[connection.dialect.name]
    return bool(connection.scalar(text(query)) == expected)
