"""The open site of the example release, read back by Python's own HTML parser, and its search by a real JavaScript engine."""

import html.parser
import json
import pathlib
import shutil
import subprocess
import urllib.parse
import warnings
import xml.etree.ElementTree

import kultti
import pytest

LANGUAGES = ("fi", "sv", "en")
URL = "https://example.org/kultti"


class Reader(html.parser.HTMLParser):
    """Links, ids, headings and figures of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.headings, self.open, self.rows = [], [], 0, [], []
        self.language = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.language = found.get("lang") if tag == "html" else self.language
        self.headings += tag == "h1"
        self.links += [found[name] for name in ("href", "src") if name in found]
        self.ids += [found["id"]] if "id" in found else []
        if tag == "tr":
            self.rows.append([])
        if tag == "data" and self.rows:
            self.rows[-1].append(float(found["value"]))


@pytest.fixture(scope="module")
def release():
    return kultti.example(language="sv")


@pytest.fixture(scope="module")
def site(release, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "public"
    told = []
    written = release.write_site(
        folder,
        areas=["Kokkola", "Kustavi"],
        url=URL,
        contact="palaute@example.org",
        progress=lambda done, of: told.append((done, of)),
    )
    assert told[-1] == (written.pages // 3, written.pages // 3)
    assert written.remarks == () and written.removed == () and written.unchanged == 0
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site): Reader(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_no_link_is_dead(site, pages):
    checked = 0
    for page, read in pages.items():
        for href in read.links:
            if href.startswith(URL):
                path = site / href[len(URL) + 1 :]
                assert path.is_file() or path == site, (page, href)
                continue
            parts = urllib.parse.urlsplit(href)
            assert not parts.scheme and not parts.netloc and not parts.path.startswith("/"), (page, href)
            target = page
            if parts.path:
                path = (site / page).parent / urllib.parse.unquote(parts.path)
                assert path.is_file(), (page, href)
                target = path.resolve().relative_to(site.resolve())
            if parts.fragment:
                assert parts.fragment in pages[target].ids, (page, href)
            checked += 1
    assert checked > 10_000


def test_pages_are_small_and_say_their_language(site, pages):
    for page, read in pages.items():
        assert (site / page).stat().st_size < 150_000, page
        assert read.headings == 1, page
        assert len(read.ids) == len(set(read.ids)), page
        if page.parts[0] in LANGUAGES:
            assert read.language == page.parts[0]
            for language in LANGUAGES:
                assert pathlib.Path(language, *page.parts[1:]) in pages


def test_figures_of_a_region_are_those_of_the_library(release, pages):
    order = release.rank("culture.net_operating_cost_per_inhabitant", within="region:16", order="desc")
    shown = [row for row in pages[pathlib.Path("sv/regions/16.html")].rows if len(row) == 3]
    country = release.rank("culture.net_operating_cost_per_inhabitant", order="desc")
    places = {row.code: row.rank for row in country}
    assert shown[-len(order) :] == [
        [row.value, row.rank, places[row.code]] for row in order
    ]


def test_the_sitemap_is_xml_with_every_page(site, pages):
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = xml.etree.ElementTree.parse(site / "sitemap.xml").getroot().findall("s:url/s:loc", names)
    expected = {f"{URL}/{page.as_posix()}" for page in pages if page.parts[0] in LANGUAGES}
    assert {element.text for element in found} == expected


def test_a_second_run_writes_nothing(release, site):
    options = {"areas": ["Kokkola", "Kustavi"], "url": URL, "contact": "palaute@example.org"}
    again = release.write_site(site, **options, threads=1)
    assert again.written == () and again.removed == ()


def test_whatever_progress_raises_ends_the_work(release, tmp_path):
    def stop(done, of):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        release.write_site(tmp_path / "public", areas=["Kokkola"], progress=stop)


def test_a_folder_with_other_things_is_refused(release, tmp_path):
    (tmp_path / "thesis.txt").write_text("three years")
    with pytest.raises(kultti.InvalidArgumentError, match="thesis.txt"):
        release.write_site(tmp_path)
    with pytest.raises(kultti.InvalidArgumentError, match="example.org"):
        release.write_site(tmp_path / "public", url="example.org")


def test_the_search_folds_every_name_as_the_verbs_do(site):
    node = shutil.which("node")
    if node is None:
        warnings.warn("NOT TESTED: no node runs the script of the search; apt install nodejs", stacklevel=1)
        return
    script = (site / "site.js").read_text(encoding="utf-8")
    rule = next(line for line in script.splitlines() if "const fold" in line)
    for language in LANGUAGES:
        index = (site / language / "search.js").read_text(encoding="utf-8")
        # The first text of an entry is its Finnish name, the first Swedish one follows: one of them is the name shown.
        ask = f"{index}\n{rule}\nconsole.log(JSON.stringify(KULTTI_INDEX.map((e) => [fold(e.n), e.t])))"
        ran = subprocess.run([node, "-e", ask], capture_output=True, check=True, text=True)
        entries = json.loads(ran.stdout)
        assert len(entries) > 50
        for folded, texts in entries:
            assert folded in texts
