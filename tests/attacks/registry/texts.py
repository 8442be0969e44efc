"""Attacks on the words: translations, letters, edits, spelling, documents."""

from __future__ import annotations

from tests.attacks import test_texts as words
from tests.attacks.registry import made
from tests.attacks.registry.kinds import Attack, Who, check, monitor, service, shown
from tests.secondopinion.cases import BAD, GOOD, honest, packed, replaced, signed, text_of, without
from tests.verifier import forge as f

OPERATOR, ANYBODY, HEAD = (Who.OPERATOR,), (Who.ANYBODY,), (Who.DELEGATION,)

ATTACKS = (
    Attack(
        name="the files of two languages are exchanged", line="text.translation-swapped", who=ANYBODY,
        bundle=BAD["translations swapped"][0], caught=(check(7, "text.unit-differs"), monitor("version.text-missing")),
    ),
    Attack(
        name="a translation that no translator submitted is approved", line="text.translation-swapped", who=(Who.CHAIR, Who.OPERATOR),
        bundle=made.approved(lambda x: words.revised(x, words.REV, OP3={"az": "Pul tələb edirik."})),
        caught=(check(7, "version.translation"), monitor("version.translation")),
    ),
    Attack(
        name="words and labels of two languages exchanged, manifest and all", line="text.language-label", who=ANYBODY,
        bundle=made.relabelled, caught=(check(7, "version.digest"), monitor("version.text-missing")),
    ),
    Attack(
        name="a signature names the hashes of the texts under each other's language", line="text.language-label",
        who=(Who.SIGNATORY, Who.OPERATOR),
        bundle=honest(made.labels_swapped), caught=(check(8, "endorsement.texts"), monitor("endorsement.texts")),
    ),
    Attack(
        name="the file of a language is left out", line="text.language-dropped", who=ANYBODY,
        bundle=packed(signed, lambda x, m: without(text_of(x, "az"))(x, m)),
        caught=(check(7, "text.missing"), monitor("version.text-missing")),
    ),
    Attack(
        name="the final version is approved without an authentic language", line="text.language-dropped", who=(Who.CHAIR,),
        bundle=made.authentic_left_out, caught=(check(7, "version.language-missing"), monitor("version.language-missing")),
    ),
    Attack(
        name="a translation is called authentic in what the Chair approves", line="text.translation-promoted",
        who=(Who.CHAIR, Who.OPERATOR),
        bundle=made.promoted, caught=(check(7, "version.language-status"), monitor("version.language-status")),
    ),
    Attack(
        name="words that nobody proposed in what the Chair approves", line="text.translation-swapped", who=(Who.CHAIR, Who.OPERATOR),
        bundle=made.approved(lambda x: words.revised(x, words.REV, OP3={"en": "Request money."})),
        caught=(check(7, "version.words-unaccounted"), monitor("version.words-unaccounted")),
    ),
    # -- spelling --------------------------------------------------------------------------------------------------------
    Attack(
        name="a member of an entry twice", line="form.duplicate-keys", who=OPERATOR,
        bundle=BAD["a key twice"][0], caught=(check(4, "json.duplicate-key"), monitor("json.duplicate-key")),
    ),
    Attack(
        name="NaN in an entry", line="form.nan", who=OPERATOR,
        bundle=made.respelled(lambda raw: raw[:-1] + b',"x":NaN}'), caught=(check(4, "json.number"), monitor("json.number")),
    ),
    Attack(
        name="a fraction in an entry", line="form.nan", who=OPERATOR,
        bundle=BAD["a number with a fraction"][0], caught=(check(4, "json.number"), monitor("json.number")),
    ),
    Attack(
        name="a number that programs round differently", line="form.nan", who=OPERATOR,
        bundle=made.respelled(lambda raw: raw[:-1] + b',"x":9007199254740993}'), caught=(check(4, "json.integer"), monitor("json.integer")),
    ),
    Attack(
        name="a space in an entry", line="form.not-canonical", who=OPERATOR,
        bundle=BAD["not canonical"][0], caught=(check(4, "json.not-canonical"), monitor("json.not-canonical")),
    ),
    Attack(
        name="a letter of an entry escaped", line="form.not-canonical", who=OPERATOR,
        bundle=made.respelled(lambda raw: raw.replace(b'"object"', b'"\\u006fbject"', 1)),
        caught=(check(4, "json.not-canonical"), monitor("json.not-canonical")),
    ),
    Attack(
        name="bytes that are not UTF-8", line="form.not-canonical", who=OPERATOR,
        bundle=BAD["not UTF-8"][0], caught=(check(4, "json.not-utf8"), monitor("json.not-utf8")),
    ),
    Attack(
        name="a field that the act does not have", line="form.unknown-fields", who=(Who.SIGNATORY, Who.OPERATOR),
        bundle=honest(made.extra_field), caught=(check(6, "statement.fields"), monitor("statement.fields")),
    ),
    Attack(
        name="a field beside the statement", line="form.unknown-fields", who=OPERATOR,
        bundle=made.respelled(lambda raw: raw[:-1] + b',"x":1}'), caught=(check(4, "entry.fields"), monitor("entry.fields")),
    ),
    # -- letters ---------------------------------------------------------------------------------------------------------
    Attack(
        name="a text file decomposed", line="letters.nfd", who=ANYBODY,
        bundle=BAD["a text not in NFC"][0], caught=(check(7, "text.not-nfc"), monitor("version.text-missing")),
    ),
    Attack(
        name="a decomposed letter in an amendment", line="letters.nfd", who=HEAD,
        bundle=made.proposed((0, 6, "e\u0301")), caught=(check(6, "splice.letters"), monitor("splice.letters")),
    ),
    Attack(
        name="a Cyrillic letter in the place of a Latin one in a text", line="letters.confusable", who=ANYBODY,
        bundle=packed(signed, replaced("/texts/az.txt", "ə".encode(), "\u04d9".encode())),
        caught=(check(7, "text.unit-differs"), monitor("version.text-missing")),
    ),
    Attack(
        name="one letter ə written e in the Azerbaijani text", line="letters.confusable", who=ANYBODY,
        bundle=BAD["a letter of the adopted text"][0], caught=(check(7, "text.unit-differs"), monitor("version.text-missing")),
    ),
    Attack(
        name="a word of two scripts in a proposal", line="letters.confusable", who=HEAD,
        caught=(service("mixed-script", "tests/text/test_letters.py::test_words_that_are_not_what_they_look_like"),),
    ),
    Attack(
        name="an override of direction in the zero draft", line="letters.bidi", who=(Who.CHAIR, Who.DELEGATION),
        bundle=made.bidi, caught=(check(7, "letters.refused"), monitor("letters.refused")),
    ),
    Attack(
        name="an override of direction in an amendment", line="letters.bidi", who=HEAD,
        bundle=made.proposed((0, 6, "\u202eAgree")), caught=(check(7, "letters.refused"), monitor("letters.refused")),
    ),
    Attack(
        name="a text file with other line ends", line="letters.crlf", who=ANYBODY,
        bundle=packed(f.circulated, lambda x, m: {**m, text_of(x, "az"): m[text_of(x, "az")].replace(b"\n", b"\r\n")}),
        caught=(check(7, "text.form"), monitor("version.text-missing")),
    ),
    Attack(
        name="entries with other line ends", line="letters.crlf", who=ANYBODY,
        bundle=packed(f.circulated, lambda x, m: {**m, "entries.jsonl": m["entries.jsonl"].replace(b"\n", b"\r\n")}),
        caught=(check(5, "json.not-canonical"), monitor("json.not-canonical")),
    ),
    # -- edits -----------------------------------------------------------------------------------------------------------
    Attack(
        name="splices that overlap", line="splices.overlap", who=HEAD,
        bundle=made.proposed((0, 6, "Agree"), (4, 9, "x")), caught=(check(6, "splice.unsorted"), monitor("splice.unsorted")),
    ),
    Attack(
        name="splices that touch", line="splices.touch", who=HEAD,
        bundle=made.proposed((0, 6, "Agree"), (6, 9, "x")), caught=(check(6, "splice.touching"), monitor("splice.touching")),
    ),
    Attack(
        name="a splice behind the end", line="splices.outside", who=HEAD,
        bundle=made.proposed((5000, 5000, "x")), caught=(check(6, "splice.outside"), monitor("splice.outside")),
    ),
    Attack(
        name="a splice before the beginning", line="splices.outside", who=HEAD,
        bundle=made.proposed((-1, 2, "x")), caught=(check(6, "splice.outside"), monitor("splice.outside")),
    ),
    # -- documents -------------------------------------------------------------------------------------------------------
    Attack(
        name="another document under the hash that an act names", line="content.swapped", who=(Who.OPERATOR, Who.ANYBODY),
        bundle=BAD["a document swapped"][0], caught=(check(1, "content.differs"),),
    ),
    Attack(
        name="a document that no act names", line="content.swapped", who=(Who.OPERATOR, Who.ANYBODY),
        bundle=BAD["a document that no act names"][0], caught=(check(1, "content.uncited"),),
    ),
    Attack(
        name="a document is left out", line="content.withheld", who=(Who.OPERATOR, Who.ANYBODY),
        bundle=GOOD["a document withheld"], caught=(shown("withheld"),),
    ),
)  # fmt: skip
