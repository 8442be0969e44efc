"""Who may use a route: every view says so, and the application does not start otherwise.

    @blueprint.get("/<forum>/text")
    @allow(PUBLIC)
    def text(forum): ...

    @blueprint.post("/<forum>/proposals/<proposal>/release")
    @allow("head")
    def release(forum, proposal): ...

This is the coarse door: public, anybody signed in, or the named roles. What a person may do to one paragraph in one stage is
decided by the procedure. A thing that somebody may not even know of is :class:`~declaration.errors.NotFound`, not forbidden.

Who is reading is found by a loader that one feature registers with :func:`set_loader`; this module knows no sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Flask, current_app, g, request
from flask_babel import lazy_gettext as _l

from declaration.errors import NeedsSignIn, NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed-in"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is reading, in which forum, for whom.

    ``party`` is the identifier that stands in statements (``kz``, ``chair``); ``delegation`` is the delegation's identifier, or
    None for people of no delegation (Chair, secretariat, signatories of organizations). ``language`` is a code such as ``kk``,
    ``time_zone`` an IANA name such as ``Asia/Almaty``. ``alternate``: a member who acts as head under a recorded delegation.
    """

    person_id: int
    name: str
    role: str
    party: str
    forum_id: int
    delegation: str | None
    language: str
    time_zone: str
    alternate: bool = False


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a view declared. No roles beside ``public``/``signed-in`` means the roles named."""

    roles: frozenset[str]
    reads_only: bool = False

    @property
    def public(self) -> bool:
        return PUBLIC in self.roles

    def admits(self, actor: Actor | None) -> bool:
        if self.public:
            return True
        return actor is not None and (SIGNED_IN in self.roles or actor.role in self.roles)


# A request that matched no route is answered by the error pages and touches nothing.
_NO_ROUTE = AccessRule(frozenset({PUBLIC}), reads_only=True)

Loader = Callable[[], Actor | None]
StandIn = Callable[[Actor], Actor]


def allow(*roles: str, reads_only: bool = False) -> Callable[[View], View]:
    """Declare who may use a view: ``PUBLIC``, ``SIGNED_IN`` or role names. Put it under the route decorator.

    :param reads_only: a POST whose own transaction changes nothing: a preview, or an act that is recorded together with those of others.
    """
    if not roles:
        raise ValueError("say who may use it: allow(PUBLIC), allow(SIGNED_IN) or role names")
    if len(roles) > 1 and {PUBLIC, SIGNED_IN} & set(roles):
        raise ValueError("public or signed-in stand alone: another role beside them means nothing")

    def declare(view: View) -> View:
        view.access_rule = AccessRule(frozenset(roles), reads_only)  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return declare


def set_loader(app: Flask, loader: Loader) -> None:
    """Register how the reader of the current request is found (None: nobody is signed in). Exactly one feature does this."""
    if "actor-loader" in app.extensions:
        raise RuntimeError("the actor loader is already registered")
    app.extensions["actor-loader"] = loader


def set_stand_in(app: Flask, stand_in: StandIn) -> None:
    """Register how a reader is seen who acts for somebody else now; it returns the reader as they are where they do not."""
    app.extensions["actor-stand-in"] = stand_in


def set_role_names(app: Flask, names: Mapping[str, object]) -> None:
    """Register how roles are called in a sentence ("the Chair", "heads of delegation"); lazy translations are welcome."""
    app.extensions.setdefault("role-names", {}).update(names)


def role_name(role: str) -> str:
    """What a role is called in a sentence, in the reader's language."""
    name: object = current_app.extensions.get("role-names", {}).get(role, role.replace("_", " ").replace("-", " "))
    return str(name)


def optional_actor() -> Actor | None:
    """The reader, or None. The loader runs once a request."""
    if "actor" not in g:
        loader: Loader | None = current_app.extensions.get("actor-loader")
        g.actor = None  # nobody yet, should the loader itself need a language for its refusal
        found = loader() if loader is not None else None
        stand_in: StandIn | None = current_app.extensions.get("actor-stand-in")
        g.actor = stand_in(found) if found is not None and stand_in is not None else found
    actor: Actor | None = g.actor
    return actor


def current_actor() -> Actor:
    """The reader.

    :raises NeedsSignIn: nobody is signed in.
    """
    actor = optional_actor()
    if actor is None:
        raise _needs_sign_in()
    return actor


def known_actor() -> Actor | None:
    """The reader if already found, without asking the loader: for error pages, which must not fail a second time."""
    actor: Actor | None = g.get("actor")
    return actor


def forget_actor() -> None:
    """Ask the loader again: after signing in or out within this request."""
    g.pop("actor", None)


def rule_of_request() -> AccessRule:
    """The rule of the route that the current request matched."""
    if request.endpoint is None:
        return _NO_ROUTE
    rule: AccessRule | None = getattr(current_app.view_functions[request.endpoint], "access_rule", None)
    if rule is None:
        raise RuntimeError(f"{request.endpoint} declares no access rule")
    return rule


def routes_without_access_rule(app: Flask) -> list[str]:
    """Endpoints that say nothing about who may use them; the application refuses to start with any."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(one for one in endpoints if not hasattr(app.view_functions[one], "access_rule"))


def init_app(app: Flask) -> None:
    """Check every request against its route's rule."""
    if "static" in app.view_functions:
        app.view_functions["static"] = allow(PUBLIC)(app.view_functions["static"])

    @app.before_request
    def _admit() -> None:
        rule = rule_of_request()
        if rule.public:
            return
        actor = optional_actor()
        if actor is None:
            raise _needs_sign_in()
        if not rule.admits(actor):
            raise NotAllowed(
                str(_l("This is for %(who)s.", who=_listed(rule.roles))),
                code="access.role",
                instead=str(_l("You are signed in as %(name)s, %(role)s.", name=actor.name, role=role_name(actor.role))),
            )


def _listed(roles: frozenset[str]) -> str:
    return ", ".join(role_name(role) for role in sorted(roles))


def _needs_sign_in() -> NeedsSignIn:
    return NeedsSignIn(
        str(_l("Nobody is signed in on this device.")),
        code="access.sign-in",
        instead=str(_l("Sign in with your key or with the link in your invitation, or ask the secretariat for a new one.")),
    )
