"""The report as a page that can be printed, filed and read by somebody who has never seen a terminal.

One file without scripts, addresses or fonts of anybody's; every word from the record is escaped, and what cannot be seen is spelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from declaration.verifier.report import Check, Report, plain, verdict_of

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#15201f, #e8eeec); --soft: light-dark(#475553, #adbab7);
  --rule: light-dark(#d3dad7, #2f3b39); --good: light-dark(#1a653a, #86dba7); --bad: light-dark(#97301b, #ffb3a3);
  --warn: light-dark(#6f4a00, #f1cb74); --paper: light-dark(#fff, #0f1514) }
* { box-sizing: border-box }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper); overflow-wrap: anywhere;
  font: 1rem/1.5 "Noto Serif", ui-serif, Cambria, "Times New Roman", serif }
h1 { font-size: 1.6rem; line-height: 1.25; border-block: 2px solid var(--good); padding-block: 1rem }
h1.bad { border-color: var(--bad) }
h2 { font-size: 1.2rem; margin-block: 2rem .5rem; border-bottom: 1px solid var(--rule) }
.warning { border-left: 4px solid var(--warn); padding: .5rem 1rem }
code, dd { font-family: ui-monospace, Consolas, monospace; font-size: .85em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule); vertical-align: baseline }
td.n, th.n { text-align: end }
dt { color: var(--soft) }
dd { margin: 0 0 .5rem }
.passed { color: var(--good) }
.failed { color: var(--bad) }
li { break-inside: avoid }
@media print { :root { color-scheme: light } body { margin: 0; font-size: 10.5pt } }
@page { size: A4; margin: 22mm 20mm }
""".strip()


def as_html(report: Report) -> str:
    """The whole page, in UTF-8 when it is written."""
    verdict = _words(verdict_of(report))
    title = "Verified" if report.verified else "Refused"
    parts = [
        f'<h1 class="{"good" if report.verified else "bad"}">{verdict}</h1>',
        *(f'<p class="warning"><strong>Warning.</strong> {_words(each)}</p>' for each in report.warnings),
        *_countries(report),
        *_on_paper(report),
        "<h2>The nine checks</h2>",
        "<p>Each was run to its end unless it says otherwise. Read the first finding of a check; others often follow from it.</p>",
        "<table><thead><tr><th>No.</th><th>Result</th><th>What was checked</th></tr></thead><tbody>",
        *(_check(check) for check in report.checks),
        "</tbody></table>",
        "<h2>What was verified</h2>",
        _list(_facts(report)),
        "<h2>What this does not prove</h2>",
        f"<ul>{''.join(f'<li>{_words(each)}</li>' for each in report.not_proved)}</ul>",
    ]
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}: verification report</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _words(text: object) -> str:
    return escape(plain(str(text)))


def _check(check: Check) -> str:
    kind = "passed" if check.passed else "failed" if check.findings else "not-run"
    findings = [f"<li>{_words(each)} <code>{_words(each.code)}</code></li>" for each in check.findings]
    findings += [f"<li>and {check.more} more</li>"] if check.more else []
    told = f"<ul>{''.join(findings)}</ul>" if findings else ""
    result = kind.replace("-", " ")
    return f'<tr><td>{check.number}</td><td class="{kind}"><strong>{result}</strong></td><td>{_words(check.title)}{told}</td></tr>'


def _countries(report: Report) -> Iterable[str]:
    rows = report.totals.get("by_country")
    if not rows:
        return
    totals = report.totals
    yield "<h2>By country</h2>"
    heads = "".join(f'<th class="n">{each}</th>' for each in ("Counted", "Accessions", "Withdrawn"))
    yield f"<table><thead><tr><th>Country</th>{heads}</tr></thead><tbody>"
    for row in rows.values():
        yield _row(row["name"], (row["counted"], row["accessions"], row["withdrawn"]))
    yield _row("Total", (totals["counted"], totals["accessions"], totals["withdrawn"]))
    yield "</tbody></table>"
    yield f"<p>Organizations are counted. Persons and associates are listed apart: {totals['listed']}.</p>"


def _on_paper(report: Report) -> Iterable[str]:
    rows = report.record.get("on_paper")
    if not rows:
        return
    yield "<h2>Signed on paper</h2><p>Attested by two persons of the secretariat, and in no figure above.</p><ul>"
    for each in rows:
        yield f"<li>{_words(each['organization'])}, {_words(each['country'])} {_words(each['registration'])}</li>"
    yield "</ul>"


def _row(name: str, figures: Sequence[int]) -> str:
    cells = "".join(f'<td class="n">{each:,}</td>' for each in figures)
    return f"<tr><th>{_words(name)}</th>{cells}</tr>"


def _facts(report: Report) -> list[tuple[str, object]]:
    record, bundle = report.record, report.bundle
    named = (
        ("File", bundle.get("file")),
        ("Its SHA-256", bundle.get("sha256")),
        ("Record", record.get("origin")),
        ("Entries", record.get("entries")),
        ("Root of the record", record.get("root")),
        ("Constitution (root of trust)", record.get("constitution")),
        ("Adopted text", record.get("adopted")),
        ("Documents cited and not in the bundle", record.get("withheld")),
    )
    return [(name, value) for name, value in named if value is not None]


def _list(rows: Iterable[tuple[str, object]]) -> str:
    return f"<dl>{''.join(f'<dt>{_words(name)}</dt><dd>{_words(value)}</dd>' for name, value in rows)}</dl>"
