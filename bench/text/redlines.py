"""Redlines in nine languages on one page, to be looked at: ``python -m bench.text.redlines > docs/redlines.html``.

The page needs nothing else: the stylesheet of the service is put into it.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from declaration.text.alterations import alterations
from declaration.text.redline import VERSION, redline, replacements, to_html

STYLE = Path(__file__).parents[2] / "declaration" / "static" / "look.css"

NAMES = {
    "en": "English", "az": "Azərbaycanca", "tr": "Türkçe", "kk": "Қазақша", "ky": "Кыргызча", "uz": "Oʻzbekcha", "tk": "Türkmençe",
    "hu": "Magyar", "ru": "Русский",
}  # fmt: skip

EXAMPLES: list[tuple[str, str, str, str]] = [
    ("en", "a whole word, never its end", "The Parties shall ensure access.", "The Parties should ensure access."),
    (
        "en",
        "a phrase is one change",
        "Decide to hold the Solidarity Forum every two years in the country holding the chairmanship of the OTS;",
        "Decide to hold the Solidarity Forum every year, in principle in the country holding the chairmanship of the OTS;",
    ),
    (
        "en",
        "a date is one change",
        "open for signature from 25 November 2025 to 31 December 2025, and for accession thereafter,",
        "open for signature from 25 November 2025 to 28 February 2026, and for accession thereafter,",
    ),
    (
        "en",
        "a clause put in",
        "Establish the Platform as a voluntary and not-for-profit framework;",
        "Establish the Platform with its permanent seat and secretariat in Baku, as a voluntary and not-for-profit framework;",
    ),
    (
        "en",
        "no islands of “the” or a comma",
        "Welcome the First Azerbaijan–Kazakhstan NGO Cooperation Forum and encourage the holding of similar bilateral "
        "forums among our countries;",
        "Welcome the bilateral NGO cooperation forums held so far and decide to bring them together, from 2027, in one annual multilateral "
        "forum of our eight countries;",
    ),
    (
        "en",
        "a large number stays whole",
        "Each Party shall contribute not less than 2.5 per cent of its budget, or USD 1,000,000.",
        "Each Party shall contribute not less than 3.5 per cent of its budget, or USD 10,000,000.",
    ),
    (
        "en",
        "punctuation alone is editorial",
        "on culture, tourism and education - in all our countries",
        "on culture, tourism, and education – in all our countries",
    ),
    (
        "en",
        "a paragraph that was moved",
        "Invite all organizations to take part actively.\nEncourage joint initiatives in culture.\nDecide to meet every year in spring.",
        "Decide to meet every year in spring.\nInvite all organizations to take part actively.\nEncourage joint initiatives in culture.",
    ),
    (
        "az",
        "sonluq söz ilə birlikdə",
        "Tərəflər zəruri tədbirlər görürlər və nəticələr barədə məlumat verirlər.",
        "Tərəflər bütün zəruri tədbirləri görəcəklər və nəticələr barədə yazılı məlumat verirlər.",
    ),
    ("az", "tarix", "Katiblik hesabatı 2026-cı il dekabrın 31-dək təqdim edir.", "Katiblik hesabatı 2027-ci il iyunun 30-dək təqdim edir."),
    ("az", "inkar", "Bu müddəa imzalandığı gündən qüvvəyə minir.", "Bu müddəa imzalandığı gündən qüvvəyə minmir."),
    (
        "az",
        "söz birləşməsi",
        "Qarabağda və Şərqi Zəngəzurda quruculuq işlərinin miqyasını nəzərə alaraq,",
        "Qarabağda və Şərqi Zəngəzurda bərpa və quruculuq işlərinin miqyasını və sürətini məmnunluqla qeyd edərək,",
    ),
    (
        "tr",
        "noktalı ve noktasız i",
        "Dışişleri bakanlıkları arasındaki istişareler yılda iki kez İstanbul’da yapılır.",
        "Dışişleri ve içişleri bakanlıkları arasındaki istişareler yılda en az üç kez İzmir’de yapılır.",
    ),
    ("tr", "olumsuzluk", "Raporlar kamuoyuna açıklanır.", "Raporlar tarafların rızası olmadan kamuoyuna açıklanmaz."),
    (
        "tr",
        "kesme işareti",
        "Azerbaycan’ın ev sahipliği yaptığı toplantıya katılıyoruz;",
        "Türkiye’nin ev sahipliği yaptığı toplantıya katılıyoruz;",
    ),
    (
        "tr",
        "bir söz hakkı",
        "her heyetin bir oy hakkına sahip olmasına karar veriyoruz;",
        "her heyetin bir söz hakkına sahip olmasına karar veriyoruz;",
    ),
    ("kk", "болымсыздық", "Тараптар кедергі жасамайды және ақпарат береді.", "Тараптар кедергі жасайды және толық ақпарат береді."),
    (
        "kk",
        "жыл мен күн",
        "Хатшылық есепті 2026 жылғы 31 желтоқсанға дейін ұсынады.",
        "Хатшылық есепті 2027 жылғы 30 маусымға дейін үкіметтерге ұсынады.",
    ),
    (
        "kk",
        "сөз тіркесі",
        "Біз азаматтық қоғам ұйымдарының еркін қызметін қолдаймыз.",
        "Біз азаматтық қоғам институттарының еркін әрі қауіпсіз қызметін қолдаймыз.",
    ),
    ("ky", "бүтүн сөз", "Биздин уюмдар жыл сайын жолугушат.", "Биздин уюмдар эки жылда бир жолугушат."),
    ("ky", "терс маани", "Платформа бул ишке тоскоол кылат.", "Платформа бул ишке тоскоол кылбайт."),
    (
        "ky",
        "кошумча сөз",
        "Жаштардын жана аялдардын катышуусун колдойбуз;",
        "Жаштардын, аялдардын жана майыптардын толук катышуусун колдойбуз;",
    ),
    (
        "uz",
        "tutuq belgisi",
        "Oʻzbekiston tashkilotlari oʻz fikrini bildiradi.",
        "Oʻzbekiston va Qozogʻiston tashkilotlari oʻz taʼsirini bildiradi.",
    ),
    ("uz", "inkor", "Bu hujjat huquqiy majburiyat yaratadi.", "Bu hujjat huquqiy majburiyat yaratmaydi."),
    ("uz", "belgi yozilishi", "o'zbek va o'quv markazlari", "oʻzbek va oʻquv markazlari"),
    ("tk", "tutuş söz", "Biz her ýyl duşuşmagy karar edýäris.", "Biz her iki ýyldan bir gezek duşuşmagy karar edýäris."),
    ("tk", "goşulan sözler", "Daşky gurşaw boýunça bilelikde işlemek;", "Daşky gurşaw, suw we howa boýunça bilelikde işlemek;"),
    ("hu", "hivatkozás", "Az 1. cikk (2) bekezdése szerint évente ülésezik.", "Az 1. cikk (3) bekezdése szerint kétévente ülésezik."),
    ("hu", "tagadás", "A nyilatkozat jogi kötelezettséget teremt.", "A nyilatkozat nem teremt jogi kötelezettséget."),
    ("hu", "hosszú magánhangzók", "Az őszi ülést Budapesten tartják.", "Az őszi és a tavaszi ülést Győrben tartják."),
    ("ru", "срок", "Заключение представляется в течение тридцати дней.", "Заключение представляется в течение сорока пяти рабочих дней."),
    ("ru", "отрицание", "Государства-члены взимают плату с организаций.", "Государства-члены не взимают плату с организаций."),
    (
        "ru",
        "добавленные слова",
        "Обмен опытом восстановления регионов;",
        "Обмен опытом и знаниями в области восстановления и развития регионов;",
    ),
]

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Redlines in nine languages</title>
<style>
{style}
@layer components {{
  .specimen {{ padding-block: var(--s4); border-block-end: 1px solid var(--rule); }}
  .specimen .text {{ margin-block-start: var(--s1); }}
}}
</style>
</head>
<body>
<main id="main">
<div class="wrap wrap--narrow">
<div class="head">
<h1>Redlines in nine languages</h1>
<p class="lede">{count} changes, each marked as a careful editor would have marked it: whole words, whole phrases, nothing else.</p>
<p class="meta num">Made by <code>python -m bench.text.redlines</code>, {version}</p>
<ul class="legend" aria-label="How to read a redline">
<li><ins>added</ins></li><li><del>taken out</del></li><li><span class="moved">moved</span></li>
</ul>
</div>
{sections}
</div>
</main>
</body>
</html>
"""


def page() -> str:
    style = STYLE.read_text(encoding="utf-8")
    sections = []
    for language, name in NAMES.items():
        shown = [specimen(language, what, old, new) for code, what, old, new in EXAMPLES if code == language]
        head = f'<h2 class="section-head" lang="{language}">{name}</h2>'
        sections.append(f'<section class="panel">{head}\n' + "\n".join(shown) + "\n</section>")
    return PAGE.format(style=style, count=len(EXAMPLES), version=VERSION, sections="\n".join(sections))


def specimen(language: str, what: str, old: str, new: str) -> str:
    changes = redline(old, new)
    marked = to_html(changes).replace("\n", "<br>")
    altered = sorted({one.kind for one in alterations(replacements(changes), language)})
    warning = f' <strong class="status status--heed" lang="en">alters a {" and a ".join(altered)}</strong>' if altered else ""
    return (
        f'<div class="specimen"><p class="eyebrow" lang="{language}">{escape(what)}{warning}</p>'
        f'<p class="text" lang="{language}">{marked}</p></div>'
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
