"""What waits for the signatory of an organization: to sign, once."""

from __future__ import annotations

from flask_babel import gettext as _

from declaration.desk import register_cards
from declaration.desk.cards import Card, Later, Link, Waiting, address
from declaration.web.i18n import when

SIGN, RECEIPT = "endorsements.sign", "endorsements.receipt"


def signatory(found: Waiting) -> None:
    """Read the text, sign it, keep the receipt."""
    window, moment = found.state.window, found.now
    register_cards.of_signatory(found)
    first = found.state.endorsements.get(found.state.by_party.get(found.actor.party, ""))
    if first is not None and first.stands:
        return  # the page itself says so, with the receipt
    if window is None or moment < window.opens:
        words = _("Opens after adoption.") if window is None else _("Opens %(when)s.", when=when(window.opens, "short"))
        found.later.append(Later(_("Sign the Declaration"), words))
        return
    closed = moment >= window.closes
    if closed and not found.state.rules.accession:
        found.later.append(Later(_("Sign the Declaration"), _("The time for signature is over.")))
        return
    if not found.can_sign:
        found.later.append(Later(_("Sign the Declaration"), _("It is open. Your key has to be accredited first.")))
        return
    sign = address(SIGN)
    found.cards.append(
        Card(
            key="sign",
            heading=_("Accede to the Declaration") if closed else _("Sign the Declaration"),
            due=_("Your organization has not signed yet"),
            until=None if closed else window.closes,
            since=None if closed else window.opens,
            ends=_("Open for signature for another"),
            weight=5,
            lines=[_("You read the whole text in your language, then the sentence that you sign, and keep a receipt.")],
            links=[Link(sign, _("Read and sign"), main=True)] if sign else (),
        )
    )
