"""Acts of authority, and of organizations: keys, mandates, credentials, rules, endorsements."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from declaration.desk.telling.row import Row, to

ROWS: tuple[Row, ...] = (
    Row("constitution", "home", (
        to("heads", "secretariat", "depositary", "translators", says=_l("The forum has begun its record: make your key"), mine=True),
        to("members", "observers", says=_l("The forum has begun its record")),
    )),
    Row("rules", "stage", (
        to("heads", says=_l("The Chair changes the rules of procedure: read them"), mine=True),
        to("participants", says=_l("The Chair changes the rules of procedure")),
    ), urgent=True),
    Row("accredit", "home", (
        to("second_person", says=_l("A key of %(organization)s waits for a second person"), mine=True),
        to("holder", says=_l("Your key is accredited: you can sign")),
    )),
    Row("second", "home", (
        to("holder", says=_l("Your key is accredited: you can sign")),
        to("reinstated", says=_l("Your key is active again")),
        to("on_paper", says=_l("The signature of your organization on paper is listed, apart; a signature with a key takes its place")),
        to("first_person", says=_l("%(who)s has countersigned your act")),
    )),
    Row("delegate", "home", (
        to("own_members", says=_l("Your head has appointed an alternate")),
        to("chair", "secretariat", says=_l("%(who)s appoints an alternate")),
    )),
    Row("key.suspend", "keys", (
        to("holder", says=_l("Your key is suspended: if you did not ask for it, call the secretariat")),
        to("secretariat", "depositary", says=_l("A key of %(party)s is suspended")),
    ), urgent=True),
    Row("key.reinstate", "keys", (
        to("second_person", says=_l("A key of %(party)s is to be reinstated, and waits for a second person"), mine=True),
        to("holder", says=_l("Your key is active again")),
    )),
    Row("revoke", "keys", (
        to("holder", says=_l("Your key is revoked: make a new one if you are to sign again"), mine=True),
        to("secretariat", "depositary", "chair", says=_l("A key of %(party)s is revoked")),
    ), urgent=True),
    Row("succeed", "keys", (
        to("participants", says=_l("The chair has passed to another key, and every earlier key of the chair has ended")),
    ), urgent=True),
    Row("credential.present", "home", (
        to("secretariat", says=_l("Credentials of %(party)s are presented: examine them"), mine=True),
        to("party_head", says=_l("The credentials of your delegation are presented")),
    )),
    Row("credential.examine", "home", (
        to("chair", says=_l("Credentials of %(party)s have been examined: decide on them"), mine=True),
        to("party_head", says=_l("The credentials of your delegation are under examination")),
    )),
    Row("credential.accept", "home", (to("party_head", "secretariat", says=_l("The credentials of %(party)s are accepted")),)),
    Row("credential.admit_provisionally", "home", (
        to("party_head", says=_l("Your delegation is admitted provisionally: send the original in time"), mine=True),
        to("secretariat", says=_l("%(party)s is admitted provisionally")),
    )),
    Row("credential.regularize", "home", (to("party_head", "secretariat", says=_l("The credentials of %(party)s are in order")),)),
    Row("credential.refuse", "home", (
        to("party_head", says=_l("The credentials of your delegation are refused: read the reason"), mine=True),
        to("secretariat", says=_l("The credentials of %(party)s are refused")),
    ), urgent=True),
    Row("credential.replace", "home", (to("party_head", "chair", says=_l("The credentials of %(party)s are replaced by later ones")),)),
    # organizations -------------------------------------------------------------------------------------------------
    Row("organization.present", "home", (
        to("country_head", says=_l("%(organization)s asks to sign: concur or object in time"), mine=True),
        to("secretariat", says=_l("%(organization)s is put before the head of its country")),
        to("party", says=_l("Your organization is put before the head of delegation of your country")),
    )),
    Row("organization.concur", "organizations", (
        to("secretariat", says=_l("%(who)s concurs that %(organization)s may sign: verify it"), mine=True),
        to("party", says=_l("%(who)s concurs that your organization may sign")),
    )),
    Row("organization.object", "organizations", (
        to("secretariat", says=_l("%(who)s objects that %(organization)s may sign: read the reason"), mine=True),
        to("depositary", says=_l("%(who)s objects that %(organization)s may sign")),
        to("party", says=_l("%(who)s objects that your organization may sign")),
    )),
    Row("organization.verify", "home", (
        to("party", says=_l("Your organization is verified")),
        to("country_head", says=_l("%(organization)s is verified")),
    )),
    Row("organization.refuse", "home", (to("party", says=_l("Your organization is refused: read the reason")),)),
    Row("organization.suspend", "home", (
        to("party", "depositary", "country_head", says=_l("The entitlement of %(organization)s to sign is suspended")),
    )),
    Row("organization.reinstate", "home", (to("party", "depositary", says=_l("%(organization)s may sign again")),)),
    Row("organization.strike_off", "home", (
        to("party", "depositary", says=_l("%(organization)s is struck off; what it signed stays, dated")),
    )),
    Row("mandate.refuse", "home", (to("party", says=_l("Your mandate to sign is refused: read the reason")),)),
    Row("mandate.revoke", "home", (to("party", "depositary", says=_l("A mandate to sign for %(party)s is revoked")),), urgent=True),
    Row("paper.attest", "home", (
        to("second_person", says=_l("A signature of %(organization)s on paper waits for a second person"), mine=True),
    )),
    Row("paper.set_aside", "register", (
        to("party", "secretariat", says=_l("A signature of %(organization)s on paper is set aside: read the reason")),
    )),
    # endorsements --------------------------------------------------------------------------------------------------
    Row("endorsement.sign", "receipt", (to("actor", says=_l("You have signed: keep your receipt")),)),
    Row("endorsement.withdraw", "register", (
        to("actor", says=_l("You have withdrawn the signature of your organization")),
        to("depositary", says=_l("%(who)s withdraws its signature")),
    )),
    Row("endorsement.countersign", "register", (to("actor", "depositary", says=_l("A second person has signed for %(party)s")),)),
    Row("endorsement.question", "register", (to("party", says=_l("Your signature is in question: the depositary tells you why")),)),
    Row("endorsement.release", "register", (to("party", says=_l("Your signature counts")),)),
    Row("endorsement.refuse", "register", (to("party", says=_l("Your signature is refused: read the reason")),)),
    Row("endorsement.set_aside_withdrawal", "register", (to("party", says=_l("The withdrawal was set aside; your signature counts")),)),
    Row("endorsement.annul", "register", (to("party", "chair", says=_l("A signature of %(party)s is annulled")),)),
)  # fmt: skip

SILENT: Mapping[str, str] = {}
"""Recorded types of which nobody is told, each with the reason."""
