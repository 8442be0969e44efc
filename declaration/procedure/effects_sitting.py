"""Effects of statements, credentials, changed rules and delegated authority (see :mod:`declaration.procedure.effects`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from declaration.procedure.act import Act
from declaration.procedure.matters import Credential, Lodged
from declaration.procedure.rules import parse_rules
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import parse_time
from declaration.protocol.keys import read_public_key

Effect = Callable[[State, Act], None]


def rules(state: State, act: Act) -> None:
    """At once until the first reading has ended; afterwards when every head has agreed."""
    if state.stage in ("preparing", "first_reading"):
        change_rules(state, act)
    else:
        state.awaiting_second[act.digest] = act
        state.consents[act.digest] = ()


def change_rules(state: State, act: Act) -> None:
    """In force. Other changes of the same rules that were waiting have lost their ground."""
    state.rules = parse_rules(act["rules"])
    for digest, waiting in list(state.awaiting_second.items()):
        if waiting.type == "rules-v1":
            del state.awaiting_second[digest]
            state.consents.pop(digest, None)


def delegate(state: State, act: Act) -> None:
    """The alternate's key speaks for the party, for a time."""
    key, by = read_public_key(act["key"]), act.statement.by
    state.nonces[act["possession"]["nonce"]] = act.index
    state.keys[key.fingerprint] = Key(
        fingerprint=key.fingerprint,
        public=key.openssh,
        role=by.role,
        party=by.party,
        accredited=act.index,
        accreditation=act.digest,
        content=act["content"],
        valid_from=parse_time(act["from"]),
        valid_until=parse_time(act["until"]),
        delegated_by=by.key,
    )


def lodge(state: State, act: Act) -> None:
    """With the secretariat."""
    state.statements[act.digest] = Lodged(
        digest=act.digest,
        delegation=act.statement.by.party,
        kind=act["kind"],
        units=tuple(act["units"]),
        status="lodged",
        version=act.object,
        content=act["content"],
        at=act.at,
    )


def _statement(state: State, act: Act, **changes: Any) -> None:
    state.statements[act.object] = replace(state.statements[act.object], **changes)


def circulate_statement(state: State, act: Act) -> None:
    """Before all delegations."""
    _statement(state, act, status="circulated")


def record_statement(state: State, act: Act) -> None:
    """An annex of the minute; never of the text."""
    _statement(state, act, status="recorded", annex=act["annex"])


def rule_out_statement(state: State, act: Act) -> None:
    """It would have changed the text."""
    _statement(state, act, status="out_of_order", reason=act["content"])


def withdraw_statement(state: State, act: Act) -> None:
    """Taken back."""
    _statement(state, act, status="withdrawn")


def present_credential(state: State, act: Act) -> None:
    """A letter, by its hash."""
    until = act["until"]
    state.credentials[act.digest] = Credential(
        digest=act.digest,
        delegation=act["delegation"],
        document=act["document"],
        status="presented",
        content=act["content"],
        at=act.at,
        until=parse_time(until) if until else None,
    )


def _credential(state: State, act: Act, **changes: Any) -> None:
    state.credentials[act.object] = replace(state.credentials[act.object], **changes)


def examine_credential(state: State, act: Act) -> None:
    """Before the secretariat."""
    _credential(state, act, status="under_examination")


def accept_credential(state: State, act: Act) -> None:
    """In good and due form."""
    _credential(state, act, status="accepted", decided=act.at, reason=act["content"])


def admit_provisionally(state: State, act: Act) -> None:
    """Full rights until the original is due."""
    _credential(state, act, status="provisional", due=parse_time(act["due"]), decided=act.at, reason=act["content"])


def regularize_credential(state: State, act: Act) -> None:
    """The original has come."""
    _credential(state, act, status="accepted", document=act["document"], decided=act.at)


def refuse_credential(state: State, act: Act) -> None:
    """Not of the authority that may give it."""
    _credential(state, act, status="refused", decided=act.at, reason=act["content"])


def replace_credential(state: State, act: Act) -> None:
    """A later letter stands."""
    _credential(state, act, status="replaced", successor=act["successor"], decided=act.at)


SITTING_EFFECTS: Mapping[str, Effect] = {
    "rules-v1": rules,
    "delegate-v1": delegate,
    "statement.lodge-v1": lodge,
    "statement.circulate-v1": circulate_statement,
    "statement.record-v1": record_statement,
    "statement.rule_out-v1": rule_out_statement,
    "statement.withdraw-v1": withdraw_statement,
    "credential.present-v1": present_credential,
    "credential.examine-v1": examine_credential,
    "credential.accept-v1": accept_credential,
    "credential.admit_provisionally-v1": admit_provisionally,
    "credential.regularize-v1": regularize_credential,
    "credential.refuse-v1": refuse_credential,
    "credential.replace-v1": replace_credential,
}
