"""The catalogues as pages: one for each theme, one for each indicator, asked of the package in three languages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import kultti

ROOT = Path(__file__).resolve().parents[2]
DATASETS = ROOT / "datasets"
LANGUAGES = ("en", "fi", "sv")
# What is said of an indicator, in the three languages of the catalogue.
WORDS = {
    "en": {"language": "English", "unit": "Unit", "direction": "Direction", "scope": "Scope", "periods": "Periods with figures", "none": "no figures in the example release"},
    "fi": {"language": "Suomeksi", "unit": "Yksikkö", "direction": "Suunta", "scope": "Laajuus", "periods": "Vuodet, joilta on lukuja", "none": "esimerkkijulkaisussa ei ole lukuja"},
    "sv": {"language": "På svenska", "unit": "Enhet", "direction": "Riktning", "scope": "Omfattning", "periods": "Perioder med uppgifter", "none": "inga uppgifter i exempelutgåvan"},
}
DIRECTIONS = {
    "en": {"higher": "higher is better", "lower": "lower is better", "none": "none: a high figure is neither good nor bad in itself"},
    "fi": {"higher": "suurempi on parempi", "lower": "pienempi on parempi", "none": "ei ole: suuri luku ei itsessään ole hyvä eikä huono"},
    "sv": {"higher": "högre är bättre", "lower": "lägre är bättre", "none": "ingen: en hög siffra är i sig varken bra eller dålig"},
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


def in_language(text: str, language: str) -> str:
    """A heading in another language than the page, so that a screen reader speaks it."""
    return text if language == "en" else f'<span lang="{language}">{text}</span>'


def page(rows: dict[str, kultti.IndicatorRow]) -> str:
    """The page of an indicator."""
    english = rows["en"]
    parts = [f"# {escaped(english.label)}", "", f"`{english.indicator}`", ""]
    for language in LANGUAGES:
        row, word = rows[language], WORDS[language]
        parts += [f"## {in_language(word['language'], language)}", "", f'<div lang="{language}">', ""]
        if language != "en":
            parts += [f"**{escaped(row.label)}**", ""]
        parts += [escaped(row.definition), "", f"{word['unit']}\n: {escaped(row.unit)}", ""]
        parts += [f"{word['direction']}\n: {DIRECTIONS[language][row.direction]}", ""]
        if row.scope:
            parts += [f"{word['scope']}\n: {escaped(row.scope)}", ""]
        periods = f"{row.first_period}–{row.last_period}" if row.first_period != row.last_period else row.first_period
        parts += [f"{word['periods']}\n: {periods if row.periods else word['none']}", "", "</div>", ""]
    if english.periods:
        parts += ["## Ask it", "", "```console", f"$ kultti rank {english.indicator} --order desc", "```", ""]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        paths = {"culture": None, "youth_work": release_of("youth_work", Path(folder))}
        for catalogue, path in paths.items():
            releases = {code: kultti.open(path, language=code) if path else kultti.example(language=code) for code in LANGUAGES}
            title, said = CATALOGUES[catalogue]
            ids = [row.indicator for row in releases["en"].indicators]
            index = [f"# {title}", "", said, "", "| indicator | unit | periods |", "|---|---|---|"]
            for name in ids:
                row = releases["en"].indicators[name]
                periods = f"{row.first_period}–{row.last_period}" if row.periods else "declared, without figures"
                index.append(f"| [{escaped(row.label)}]({name}.md) | {escaped(row.unit)} | {periods} |")
                made[f"catalogue/{catalogue}/{name}.md"] = page({code: release.indicators[name] for code, release in releases.items()})
            index += ["", "```{toctree}", ":hidden:", "", *ids, "```", ""]
            made[f"catalogue/{catalogue}/index.md"] = "\n".join(index)
    return made
