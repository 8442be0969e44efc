"""Who looks after whose access: issues links, adds people, takes access away.

* The Chair: everybody.
* The secretariat: everybody but the Chair. It adds nobody to its own ranks, since acts of two persons need two.
* A head of delegation: the members of that delegation.

Whoever issues links could open one, so every link that was issued, by whom and when, is shown to the person it was issued for.
Nobody takes the own access away: that is signing out. None of this gives authority to sign: keys do, and they are accredited in
the record.
"""

from __future__ import annotations

from declaration.forums.models import Person
from declaration.web.access import Actor

MANAGERS = ("chair", "secretariat", "head")


def sees(actor: Actor, person: Person) -> bool:
    """Whether a person stands on this reader's page of people."""
    if person.forum_id != actor.forum_id:
        return False
    return actor.role in ("chair", "secretariat") or (actor.role == "head" and person.delegation == actor.delegation)


def may_invite(actor: Actor, person: Person) -> bool:
    """Whether the actor may issue a link for this person."""
    if not sees(actor, person):
        return False
    if actor.role == "secretariat":
        return person.role != "chair"
    return actor.role == "chair" or person.role == "member"


def may_disable(actor: Actor, person: Person) -> bool:
    """Whether the actor may take this person's access away, or give it back."""
    return may_invite(actor, person) and person.id != actor.person_id


def roles_to_add(actor: Actor) -> tuple[str, ...]:
    """The roles in which the actor may add somebody."""
    return {
        "chair": ("secretariat", "depositary", "translator", "head", "member", "observer"),
        "secretariat": ("translator", "head", "member", "observer"),
        "head": ("member",),
    }.get(actor.role, ())
