"""The catalogues as pages: indicators by theme, a page for each, and the measures; asked of the package in three languages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import kultti

ROOT = Path(__file__).resolve().parents[2]
DATASETS = ROOT / "datasets"
LANGUAGES = ("en", "fi", "sv")
# What stands beside the texts of the catalogue.
WORDS = {
    "en": {
        "language": "English", "formula": "Formula", "unit": "Unit", "direction": "Direction", "group": "Groups are summarised by",
        "covers": "Covers", "excludes": "Leaves out", "valid": "Definition holds", "breaks": "Breaks in series", "caveats": "Keep in mind",
        "measures": "Measures", "sources": "Sources",
        "higher": "higher is better", "lower": "lower is better", "none": "none: a high figure is neither good nor bad in itself",
        "ratio-of-sums": "ratio of sums", "mean": "mean", "median": "median", "weighted-mean": "weighted mean", "total": "total",
        "published": "the published figure",
    },
    "fi": {
        "language": "Suomeksi", "formula": "Kaava", "unit": "Yksikkö", "direction": "Suunta", "group": "Ryhmän arvo lasketaan",
        "covers": "Sisältää", "excludes": "Ei sisällä", "valid": "Määritelmä voimassa", "breaks": "Sarjan katkokset", "caveats": "Muista",
        "measures": "Mittarit", "sources": "Lähteet",
        "higher": "suurempi on parempi", "lower": "pienempi on parempi", "none": "ei ole: suuri luku ei itsessään ole hyvä eikä huono",
        "ratio-of-sums": "summien suhteena", "mean": "keskiarvona", "median": "mediaanina", "weighted-mean": "painotettuna keskiarvona",
        "total": "summana", "published": "julkaistuna lukuna",
    },
    "sv": {
        "language": "På svenska", "formula": "Formel", "unit": "Enhet", "direction": "Riktning", "group": "Gruppens värde räknas",
        "covers": "Omfattar", "excludes": "Omfattar inte", "valid": "Definitionen gäller", "breaks": "Brott i serien", "caveats": "Att hålla i minnet",
        "measures": "Mått", "sources": "Källor",
        "higher": "högre är bättre", "lower": "lägre är bättre", "none": "ingen: en hög siffra är i sig varken bra eller dålig",
        "ratio-of-sums": "som kvoten av summor", "mean": "som medelvärde", "median": "som median", "weighted-mean": "som vägt medelvärde",
        "total": "som summa", "published": "som den publicerade siffran",
    },
}
CATALOGUES = {
    "culture": ("Municipal culture", "The five themes of the statistics on municipal culture, and the figures that they need."),
    "youth_work": ("Municipal youth work", "A second catalogue, which the example release holds no figures of: what another field of statistics takes."),
}


def release_of(catalogue: str, folder: Path) -> Path:
    """A release that holds a catalogue and the borders, and no figures."""
    shutil.copytree(DATASETS / "finland" / "territory", folder / "territory")
    shutil.copy2(DATASETS / "catalogue" / f"{catalogue}.toml", folder / "catalogue.toml")
    name = f'{{ fi = "{catalogue}", sv = "{catalogue}", en = "{catalogue}" }}'
    (folder / "release.toml").write_text(
        f'schema = 1\nid = "{catalogue}"\ntitle = {name}\npublisher = {name}\ncatalogues = ["catalogue.toml"]\nterritory = "territory"\n',
        encoding="utf-8",
    )
    path = folder / "catalogue.parquet"
    command = [sys.executable, "-m", "kultti", "release", "build", str(folder), "-o", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def escaped(text: str) -> str:
    """A text as Markdown says it."""
    for sign in "\\`*_{}[]<>|$":
        text = text.replace(sign, "\\" + sign)
    return text


def listed(texts: Iterable[str]) -> str:
    return "; ".join(escaped(text) for text in texts)


def in_language(text: str, language: str) -> str:
    """A heading in another language than the page, so that a screen reader speaks it."""
    return text if language == "en" else f'<span lang="{language}">{text}</span>'


def periods(row: kultti.IndicatorRow) -> str:
    """First and last period with figures."""
    if not row.periods:
        return "declared, without figures"
    return row.periods[0] if len(row.periods) == 1 else f"{row.periods[0]}–{row.periods[-1]}"


def section(row: kultti.IndicatorRow, language: str) -> list[str]:
    """An indicator in one language."""
    word = WORDS[language]
    facts = [(word["formula"], f"`{row.formula}`" + (f" × {row.multiplier:g}" if row.multiplier != 1 else ""))]
    facts += [(word["unit"], escaped(row.unit_symbol)), (word["direction"], word[row.direction]), (word["group"], word[row.aggregate])]
    if row.covers:
        facts += [(word["covers"], listed(row.covers.includes))]
        facts += [(word["excludes"], listed(row.covers.excludes))] if row.covers.excludes else []
    if any(row.valid):
        facts += [(word["valid"], f"{row.valid[0] or ''}–{row.valid[1] or ''}")]
    if row.breaks:
        facts += [(word["breaks"], "; ".join(f"{one.period}: {escaped(one.cause or '')}" for one in row.breaks))]
    parts = [f"## {in_language(word['language'], language)}", "", f'<div lang="{language}">', ""]
    parts += [f"**{escaped(row.label)}.** {escaped(row.definition)}", ""]
    parts += [line for name, text in facts for line in (f"{name}\n: {text}", "")]
    for title, lines in (
        (word["caveats"], [escaped(caveat) for caveat in row.caveats]),
        (word["measures"], [f"{escaped(one.label)} ({escaped(one.unit)}): {escaped(one.description)}" for one in row.measures]),
        (word["sources"], [f"{escaped(one.citation)} {escaped(one.license)}." for one in row.sources]),
    ):
        if lines:
            parts += [f"**{title}**", "", *(f"- {line}" for line in lines), ""]
    return [*parts, "</div>", ""]


def page(rows: dict[str, kultti.IndicatorRow], release: kultti.Release) -> str:
    """The page of an indicator."""
    english = rows["en"]
    parts = [f"# {escaped(english.label)}", "", f"`{english.indicator}`", ""]
    for language in LANGUAGES:
        parts += section(rows[language], language)
    if english.periods:
        parts += ["## Figures in the example release", "", "| period | areas with a figure |", "|---|---:|"]
        for period in english.periods:
            ranking = release.rank(english.indicator, period=period, order="desc")
            parts.append(f"| {period} | {sum(row.value is not None for row in ranking)} |")
        parts += ["", "```sh", f"kultti rank {english.indicator} --order desc", "```", ""]
    if english.related:
        links = [f"[{escaped(release.indicators[name].label)}]({name}.md)" for name in english.related]
        parts += ["## Near this one", "", *(f"- {link}" for link in links), ""]
    return "\n".join(parts)


def measures(rows: list[kultti.IndicatorRow]) -> str:
    """The page of the measures that the indicators are made of."""
    known = {one.measure: one for row in rows for one in row.measures}
    sources = {one.id: one for row in rows for one in row.sources}
    parts = ["# Measures", "", "What is collected or published, and what the indicators are made of.", ""]
    for family in sorted({name.split(".")[0] for name in known}):
        parts += [f"## `{family}`", "", "| measure | what is counted | unit | source |", "|---|---|---|---|"]
        for name, one in known.items():
            if name.split(".")[0] == family:
                parts.append(f"| `{name}` | {escaped(one.label)}. {escaped(one.description)} | {escaped(one.unit)} | {escaped(sources[one.source].label)} |")
        parts.append("")
    return "\n".join(parts)


def pages_of(catalogue: str, releases: dict[str, kultti.Release]) -> dict[str, str]:
    title, said = CATALOGUES[catalogue]
    rows = list(releases["en"].indicators)
    made = {f"catalogue/{catalogue}/measures.md": measures(rows)}
    index = [f"# {title}", "", said, ""]
    for theme in dict.fromkeys(row.theme for row in rows):
        index += [f"## {escaped(theme or 'Other')}", "", "| indicator | unit | figures |", "|---|---|---|"]
        for row in rows:
            if row.theme == theme:
                index.append(f"| [{escaped(row.label)}]({row.indicator}.md) | {escaped(row.unit_symbol)} | {periods(row)} |")
        index.append("")
    for row in rows:
        found = {code: release.indicators[row.indicator] for code, release in releases.items()}
        made[f"catalogue/{catalogue}/{row.indicator}.md"] = page(found, releases["en"])
    index += ["```{toctree}", ":hidden:", "", "measures", *(row.indicator for row in rows), "```", ""]
    made[f"catalogue/{catalogue}/index.md"] = "\n".join(index)
    return made


def pages() -> dict[str, str]:
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        youth = release_of("youth_work", Path(folder))
        made.update(pages_of("culture", {code: kultti.example(language=code) for code in LANGUAGES}))
        made.update(pages_of("youth_work", {code: kultti.open(youth, language=code) for code in LANGUAGES}))
    return made
