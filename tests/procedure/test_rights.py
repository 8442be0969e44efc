"""Who reads what, against the reference: nothing more, and a delegation's inside for nobody else."""

from __future__ import annotations

import pytest

from declaration.procedure.rights import READING, readers, reads

OFFICES = ("chair", "secretariat", "depositary", "translator", "observer", "signatory", "admin", "public")


@pytest.mark.parametrize("matter", ["delegation_drafts", "comments_own"])
@pytest.mark.parametrize("role", OFFICES)
def test_the_inside_of_a_delegation_is_nobody_elses(matter: str, role: str) -> None:
    assert reads(matter, role) is None
    assert {reads(matter, own) for own in ("head", "member")} == {"own"}


@pytest.mark.parametrize("matter", sorted(READING))
def test_the_administrator_reads_what_is_public_alone(matter: str) -> None:
    assert (reads(matter, "admin") == "all") == (reads(matter, "public") == "all")


def test_signatories_read_no_circulated_draft() -> None:
    assert "signatory" not in readers("circulated_texts")
    assert reads("circulated_texts", "public") == "opened"


def test_an_unknown_matter_is_an_error_and_not_a_yes() -> None:
    with pytest.raises(KeyError):
        reads("everything", "chair")
