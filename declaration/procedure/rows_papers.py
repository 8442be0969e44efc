"""Rows of signatures on paper: a wet signature that two persons of the secretariat attest, listed apart until a key signs.

An organization whose signatory has no device signs on paper. Two persons of the secretariat compare the original with the decision that
names the signatory and attest, each with the own key, what lies sealed: by its hash, since a scan shows persons. What they attest is
their word, not the organization's key, so it stands in no total. The organization's own signature with a key takes its place by itself.
"""

from __future__ import annotations

from declaration.procedure import fields as f
from declaration.procedure.transition import Transition as Row

ROWS: tuple[Row, ...] = (
    Row(
        "paper",
        "attest",
        (),
        "attested",
        ("secretariat",),
        object="organization",
        fields={"version": f.hex32, "scan": f.hex32, "content": f.hex32},
        guards=("paper_in_window", "paper_names_adopted", "paper_of_verified", "paper_is_only"),
        says="attests, as the first of two persons, that an organization signed on paper",
    ),
    Row("paper", "replace", ("attested",), "replaced", ("system",), recorded=False, follows=("endorsement.sign-v1",)),
    Row(
        "paper",
        "restore",
        ("replaced",),
        "attested",
        ("system",),
        recorded=False,
        follows=("endorsement.refuse-v1", "endorsement.annul-v1"),
    ),
    Row(
        "paper",
        "set_aside",
        ("attested", "replaced"),
        "set_aside",
        ("depositary",),
        object="paper",
        fields={"content": f.hex32},
        says="finds that a signature on paper was not the organization's and sets it aside",
    ),
)
