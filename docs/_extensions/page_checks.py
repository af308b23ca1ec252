"""What every built page keeps: a language, one main heading, headings in order, words for pictures, nothing from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlparse


class Page(HTMLParser):
    """The parts of a page that the rules are about."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.headings: list[int] = []
        self.found: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag == "img" and not given.get("alt"):
            self.found.append(f"a picture without words: {given.get('src')}")
        if tag in ("script", "img", "iframe") and urlparse(given.get("src") or "").netloc:
            self.found.append(f"{tag} from elsewhere: {given['src']}")
        if tag == "link" and given.get("rel") == "stylesheet" and urlparse(given.get("href") or "").netloc:
            self.found.append(f"style from elsewhere: {given['href']}")
        name = given.get("id")
        if name in self.ids:
            self.found.append(f"an id twice: {name}")
        if name:
            self.ids.add(name)


def problems(path: Path) -> list[str]:
    """What is wrong with a page."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    found = list(page.found)
    if not page.language:
        found.append("no language")
    if page.headings.count(1) != 1:
        found.append(f"{page.headings.count(1)} main headings")
    for before, after in zip(page.headings, page.headings[1:], strict=False):
        if after > before + 1:
            found.append(f"a heading of level {after} below one of level {before}")
    return found


def check(folder: Path) -> int:
    """Says what is wrong with the pages of a site, and how many are wrong."""
    # The search page is written by a script when somebody searches.
    pages = [path for path in sorted(folder.rglob("*.html")) if path.name != "search.html"]
    wrong = {path: found for path in pages if (found := problems(path))}
    for path, found in wrong.items():
        print(f"{path.relative_to(folder)}: {'; '.join(found)}")
    return len(wrong)
