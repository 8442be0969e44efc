"""What is told that is no act of the record: what happens inside and beside it, and what time brings. By name: sentence and page.

The sentences of a delegation's inside go to that delegation alone; those names begin with ``own.``.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

SAYINGS: Mapping[str, tuple[object, str]] = {
    "own.draft-waits": (_l("%(name)s puts a draft before you"), "home"),
    "own.draft-returned": (_l("Your head has returned your draft"), "home"),
    "own.comment": (_l("%(name)s has written to your delegation on %(what)s"), "thread"),
    "own.key": (_l("%(name)s has made a key and could be your alternate"), "home"),
    "comment.chair": (_l("%(who)s has written to the Chair on %(what)s"), "thread"),
    "comment.answer": (_l("The Chair has answered your delegation on %(what)s"), "thread"),
    "comment.all": (_l("%(who)s comments on %(what)s"), "thread"),
    "key.waits": (_l("A key of %(name)s waits for accreditation"), "accreditations"),
    "device.lost": (_l("%(name)s has lost a device: suspend the key at once"), "key"),
    "own.device-lost": (_l("%(name)s, your alternate, has lost a device: end the appointment at once"), "home"),
    "version.waits": (_l("%(version)s waits for your approval"), "next"),
    "version.returned": (_l("The Chair has returned %(version)s"), "next"),
    "reminder.mandate": (_l("Your organization has not signed: the decision that names you is missing"), "home"),
    "reminder.key": (_l("Your organization has not signed: make your key"), "keys"),
    "reminder.desk": (_l("Your organization has not signed: the secretariat has still to confirm your key"), "keys"),
    "reminder.sign": (_l("Your organization may sign, and has not yet"), "sign"),
    "reminder.countersign": (_l("Your organization has signed once, and its statute asks for a second signature"), "sign"),
    # what time brings ----------------------------------------------------------------------------------------------
    "hour.deadline-near": (_l("Amendments close within a day"), "drafts"),
    "hour.deadline": (_l("Amendments have closed"), "stage"),
    "hour.deadline-secretariat": (_l("Amendments have closed: issue the compilation"), "stage"),
    "hour.silence-near": (_l("Silence on %(what)s ends soon: break it before the hour, or it is agreed"), "unit"),
    "hour.silence": (_l("Nobody broke silence: %(what)s is agreed ad referendum"), "unit"),
    "hour.reserve": (_l("The hour of your reserve on %(what)s has come: lift it, or say until when you need"), "unit"),
    "hour.reserve-chair": (_l("The hour of a reserve of %(who)s on %(what)s has come"), "unit"),
    "hour.group": (_l("The small group on %(what)s was to report by now"), "unit"),
    "hour.credential-near": (_l("The original of your credentials is due within a day"), "home"),
    "hour.credential": (_l("The original of the credentials of %(who)s has not come in time"), "home"),
    "hour.concurrence-near": (_l("%(organization)s may sign soon unless you object"), "home"),
    "hour.concurrence": (_l("The head of its country has not objected: verify %(organization)s"), "organizations"),
    "hour.correction-near": (_l("Objections to a correction of the adopted text end within a day"), "stage"),
    "hour.correction": (_l("The time for objections to a correction is over"), "stage"),
    "hour.window-opens": (_l("Signature is open: sign for your organization"), "sign"),
    "hour.window-week": (_l("Signature closes within a week, and your organization has not signed"), "sign"),
    "hour.window-day": (_l("Signature closes within a day, and your organization has not signed"), "sign"),
    "hour.lapsed-accede": (_l("The time for signature is over, and your organization has not signed: it can accede"), "sign"),
    "hour.lapsed": (_l("Nobody can join the Declaration any more, and your organization has not signed"), "lapsed"),
    "hour.window-closed": (_l("The time for signature is over"), "register"),
}
