"""A feature of three routes and one table, for tests of the web parts. Its table is not part of the project's metadata."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Flask, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import MetaData, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from declaration.errors import Refused
from declaration.web.access import PUBLIC, SIGNED_IN, Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import UtcDateTime, current_session, db
from declaration.web.transaction import on_commit, on_rollback


class ToyBase(DeclarativeBase):
    registry = registry(metadata=MetaData(), type_annotation_map={datetime: UtcDateTime()})


class Toy(ToyBase):
    __tablename__ = "toy"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    made: Mapped[datetime]


CHAIR = Actor(1, "Nigar Əliyeva", "chair", "chair", 1, None, "az", "Asia/Baku")
MEMBER = Actor(2, "Ерлан Сағынтайұлы", "member", "kz", 1, "kz", "kk", "Asia/Almaty")
PEOPLE = {"chair": CHAIR, "member": MEMBER}


def loader() -> Actor | None:
    return PEOPLE.get(request.headers.get("X-Toy", ""))


def add_toys(app: Flask) -> list[str]:
    """Register the toy feature; returns the list that its hooks write to."""
    heard: list[str] = []
    toys = Blueprint("toys", __name__)

    @toys.get("/toys")
    @allow(PUBLIC)
    def all_toys() -> ResponseReturnValue:
        return ",".join(current_session().scalars(select(Toy.name).order_by(Toy.id)))

    @toys.get("/toys/careless")
    @allow(PUBLIC)
    def careless() -> ResponseReturnValue:
        current_session().add(Toy(name="from a GET", made=now()))
        return "kept?"

    @toys.get("/toys/flushing")
    @allow(PUBLIC)
    def flushing() -> ResponseReturnValue:
        current_session().add(Toy(name="from a GET", made=now()))
        current_session().flush()
        return "kept?"

    @toys.post("/toys")
    @allow(PUBLIC)
    def make() -> ResponseReturnValue:
        on_commit(lambda: heard.append("committed 1"))
        on_commit(lambda: heard.append("committed 2"))
        on_rollback(lambda: heard.append("rolled back"))
        current_session().add(Toy(name=request.form["name"], made=now()))
        match request.form.get("then"):
            case "refuse":
                raise Refused("the toy is not wanted", code="toy.refused", instead="Make another one.")
            case "four-hundred":
                return "no", 400
            case "crash":
                raise ZeroDivisionError
        flash("Made.", "good")
        return redirect("/toys")

    @toys.post("/toys/preview")
    @allow(PUBLIC, reads_only=True)
    def preview() -> ResponseReturnValue:
        if request.form.get("careless"):
            current_session().add(Toy(name="from a preview", made=now()))
        return f"would make {request.form['name']}"

    @toys.get("/mine")
    @allow(SIGNED_IN)
    def mine() -> ResponseReturnValue:
        return current_actor().name

    @toys.post("/bench")
    @allow("chair", "head")
    def bench() -> ResponseReturnValue:
        return "settled"

    from declaration.web import access

    access.set_loader(app, loader)
    access.set_role_names(app, {"chair": "the Chair", "head": "heads of delegation"})
    app.register_blueprint(toys)
    with app.app_context(), db.engine.begin() as connection:
        ToyBase.metadata.create_all(connection)
    return heard
