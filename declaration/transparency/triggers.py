"""What the database itself refuses, whoever asks: changing or deleting what is recorded, and leaving a gap.

The table of entries, with the nodes of the tree, only grows, each time by the next number; that of checkpoints grows by a larger size,
that of cosignatures only grows. The head only moves forward and is never deleted.
``INSERT OR REPLACE`` on SQLite deletes without firing delete triggers; it is stopped because a row that exists already is refused
before it could be replaced, by number and, for entries, by statement digest.

An operator who owns the database can drop a trigger. That is what the checkpoints in other people's hands are for: triggers stop
mistakes and stolen application credentials, signatures expose the rest.
"""

from __future__ import annotations

from declaration.web.db import register_guard

# What the next row is refused for: any number but the next one, a size that is not larger.
_OUT_OF_TURN = {
    "log_entry": "NEW.seq <> (SELECT COALESCE(MAX(seq) + 1, 0) FROM log_entry WHERE log_id = NEW.log_id)",
    "log_checkpoint": "NEW.size <= (SELECT COALESCE(MAX(size), -1) FROM log_checkpoint WHERE log_id = NEW.log_id)",
}
_APPEND_ONLY = "the record is append only"
_GAP = "the record has no gaps"
_FORWARD = "the head of the record only moves forward"
REPEATED = "statement_digest is recorded already"


def _sqlite() -> list[str]:
    statements = []
    for table, out_of_turn in _OUT_OF_TURN.items():
        statements += [
            _refuse_sqlite(f"{table}_no_update", f"BEFORE UPDATE ON {table}", _APPEND_ONLY),
            _refuse_sqlite(f"{table}_no_delete", f"BEFORE DELETE ON {table}", _APPEND_ONLY),
            _refuse_sqlite(f"{table}_no_gap", f"BEFORE INSERT ON {table} WHEN {out_of_turn}", _GAP),
        ]
    repeated = "SELECT 1 FROM log_entry WHERE log_id = NEW.log_id AND statement_digest = NEW.statement_digest"
    backward = "NEW.size < OLD.size OR NEW.id <> OLD.id OR NEW.origin <> OLD.origin OR NEW.name <> OLD.name OR NEW.vkey <> OLD.vkey"
    statements += [
        _refuse_sqlite("log_entry_no_repeat", f"BEFORE INSERT ON log_entry WHEN EXISTS ({repeated})", REPEATED),
        _refuse_sqlite("log_forward", f"BEFORE UPDATE ON log WHEN {backward}", _FORWARD),
        _refuse_sqlite("log_no_delete", "BEFORE DELETE ON log", _APPEND_ONLY),
        _refuse_sqlite(
            "log_no_replace",
            "BEFORE INSERT ON log WHEN EXISTS (SELECT 1 FROM log WHERE id = NEW.id OR origin = NEW.origin OR name = NEW.name)",
            _FORWARD,
        ),
    ]
    return statements


def _refuse_sqlite(name: str, when: str, reason: str) -> str:
    return f"CREATE TRIGGER IF NOT EXISTS {name} {when} BEGIN SELECT RAISE(ABORT, '{reason}'); END"


def _postgresql() -> list[str]:
    statements = [
        _function("log_refuse_change", f"RAISE EXCEPTION '{_APPEND_ONLY}' USING ERRCODE = 'restrict_violation';"),
        _function(
            "log_refuse_backward",
            "IF NEW.size < OLD.size OR (NEW.id, NEW.origin, NEW.name, NEW.vkey) <> (OLD.id, OLD.origin, OLD.name, OLD.vkey) THEN "
            f"RAISE EXCEPTION '{_FORWARD}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
        ),
        _row_trigger("log_forward", "BEFORE UPDATE", "log", "log_refuse_backward"),
        _statement_trigger("log_no_delete", "BEFORE DELETE OR TRUNCATE", "log"),
    ]
    for table, out_of_turn in _OUT_OF_TURN.items():
        body = (
            f"IF {out_of_turn} THEN "
            f"RAISE EXCEPTION '{_GAP}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;"
        )
        statements += [
            _function(f"{table}_refuse_gap", body),
            _row_trigger(f"{table}_no_gap", "BEFORE INSERT", table, f"{table}_refuse_gap"),
            _statement_trigger(f"{table}_no_change", "BEFORE UPDATE OR DELETE OR TRUNCATE", table),
        ]
    return statements


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _row_trigger(name: str, when: str, table: str, function: str) -> str:
    return f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"


def _statement_trigger(name: str, when: str, table: str) -> str:
    return f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()"


def _sqlite_cosignatures() -> list[str]:
    again = "SELECT 1 FROM log_cosignature WHERE log_id = NEW.log_id AND size = NEW.size AND key = NEW.key"
    return [
        _refuse_sqlite("log_cosignature_no_update", "BEFORE UPDATE ON log_cosignature", _APPEND_ONLY),
        _refuse_sqlite("log_cosignature_no_delete", "BEFORE DELETE ON log_cosignature", _APPEND_ONLY),
        _refuse_sqlite("log_cosignature_no_repeat", f"BEFORE INSERT ON log_cosignature WHEN EXISTS ({again})", _APPEND_ONLY),
    ]


def _postgresql_cosignatures() -> list[str]:
    return [_statement_trigger("log_cosignature_no_change", "BEFORE UPDATE OR DELETE OR TRUNCATE", "log_cosignature")]


STATEMENTS = {"sqlite": _sqlite(), "postgresql": _postgresql()}
COSIGNATURES = {"sqlite": _sqlite_cosignatures(), "postgresql": _postgresql_cosignatures()}

register_guard("transparency", STATEMENTS, tables=("log", "log_entry", "log_checkpoint"))
# Apart from the others, which must be in force in a database that does not know cosignatures yet.
register_guard("transparency cosignatures", COSIGNATURES, tables=("log", "log_cosignature"))
