"""Notices: what happened is told to those whom it concerns, on their pages and by mail, once.

Three steps, each of which survives being killed between any two lines:

1. **Told.** A notice for each person is written in the transaction of the act that it tells of (:mod:`.telling`). An act that is
   rolled back was never told; an act that is recorded cannot be forgotten.
2. **Composed.** A worker makes one mail of the notices that a person has waiting, in that person's language and zone, and writes it
   in the transaction that marks these notices as mailed (:mod:`.composing`). What a person wants (at once, once a day, only what
   waits for them, nothing) is asked here, so it may change until then.
3. **Delivered.** A worker claims a mail for a while, hands it to the mail server outside of any transaction, and marks it as sent
   (:mod:`.outbox`). A worker that dies in between leaves a claim that runs out, and the next one sends the same bytes under the same
   ``Message-ID``: at least once, and a mail program shows it once.

What time brings (a silence that expired, a deadline in a day) is no act. The worker asks for it, and a row with a unique key makes
sure that each such hour is told once (:mod:`.moments`).

This package knows no feature. Who reads, what a notice says and what waits for somebody is asked of a :class:`.host.Host`, which the
layer that sees everything registers.

Nothing betrays what is private. Identifiers are random; a notice about the inside of a delegation is ``private``: its failure is
shown to nobody but its reader, it is in no count and in no log line. A mail never carries the words of a draft, a note or a comment:
it says where they are.
"""
