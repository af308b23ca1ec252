"""Reports: every figure on the page is the library's answer, read back out of the HTML by a parser that is not ours."""

import base64
import csv
import html
import html.parser
import io
import json
import re
import xml.etree.ElementTree
import zipfile

import kultti
import pyarrow as pa
import pytest

LANGUAGES = ("fi", "sv", "en")

#: Areas with something about them: ordinary; no museum, theatre or music of its own; in Åland, outside the library
#: statistics; joint library; put together by a merger.
AREAS = ("Kokkola", "Pello", "Geta", "Kauniainen", "Mäntyharju", "Sottunga")


class Tables(html.parser.HTMLParser):
    """Tables by section: caption, headers, and rows of (text, exact number or None)."""

    def __init__(self):
        super().__init__()
        self.tables, self.sections, self.h1, self.language, self.scripts = [], [], [], None, 0
        self.text, self.cell, self.into = [], None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "html":
            self.language = attrs["lang"]
        if tag == "script":
            self.scripts += 1
        if tag == "section" and "id" in attrs:
            self.sections.append(attrs["id"])
        if tag == "table":
            self.tables.append({"section": self.sections[-1] if self.sections else "", "caption": "", "headers": [], "rows": []})
        if tag == "tr":
            self.row = []
        if tag in ("th", "td"):
            self.cell, self.kind = {"text": "", "value": None, "aside": ""}, (tag, attrs.get("scope"))
        if tag == "data":
            self.cell["value"] = float(attrs["value"])
        if tag in ("small", "caption", "h1"):
            self.into = tag

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.cell["text"] = " ".join(self.cell["text"].split())
            if self.kind == ("th", "col"):
                self.tables[-1]["headers"].append(self.cell["text"])
            elif self.kind != ("th", "rowgroup"):
                self.row.append(self.cell)
            self.cell = None
        if tag == "tr" and getattr(self, "row", None):
            self.tables[-1]["rows"].append(self.row)
            self.row = []
        if tag in ("small", "caption", "h1"):
            self.into = None

    def handle_data(self, data):
        if self.into == "h1":
            self.h1.append(data)
        elif self.into == "caption":
            self.tables[-1]["caption"] += data
        elif self.cell is not None:
            self.cell["aside" if self.into == "small" else "text"] += data


def read(page):
    reader = Tables()
    reader.feed(page)
    reader.close()
    return reader


def in_section(reader, section):
    return [table for table in reader.tables if table["section"] == section]


def decimals_of(text, language):
    point = "." if language == "en" else ","
    digits = re.sub(r"[^0-9.,]", "", text)
    return len(digits.split(point)[1]) if point in digits else 0


def parsed(text, language):
    """A number as people read it, read back; anything else than their signs is refused."""
    plain = text.replace("\N{MINUS SIGN}", "-").replace(" ", "").replace("\xa0", "")
    group, point = (",", ".") if language == "en" else ("", ",")
    plain = (plain.replace(group, "") if group else plain).replace(point, ".")
    assert re.fullmatch(r"-?\d+(\.\d+)?", plain), text
    return float(plain)


def reads(text, value, language="en"):
    """Whether a text is the value, rounded to the decimals it has: half a unit of the last of them away at most."""
    return abs(parsed(text, language) - value) <= 0.5 * 10 ** -decimals_of(text, language) + 1e-9 * max(1, abs(value))


def shows(cell, value, missing, language="en"):
    """Whether a cell says a value, exactly and as people read it, or why there is none."""
    if value is None:
        return cell["value"] is None and cell["text"] == missing.text
    return cell["value"] == value and reads(re.sub(r" [A-Z]$", "", cell["text"]), value, language)


@pytest.fixture(scope="module")
def release():
    return kultti.example(language="en")


@pytest.fixture(scope="module", params=AREAS)
def told(request, release):
    """An area with its report and what stands on its page."""
    report = release.report(request.param)
    return request.param, report, read(report.to_html())


def test_key_figures_are_those_of_compare(release, told):
    area, report, page = told
    (table,) = in_section(page, "key-figures")
    assert len(table["rows"]) == len(report.indicators) > 15
    similar = [header for header in table["headers"] if header.startswith("Similar")]
    assert len(table["headers"]) == 6 + len(similar)
    for indicator, row in zip(report.indicators, table["rows"], strict=True):
        name, value, period, rank, *groups = row
        own = release.compare(indicator, area, period=period["text"], peers=["region", "country"])
        assert name["text"] == release.indicators[indicator].label
        assert shows(value, own.value, own.missing), (indicator, value)
        assert rank["value"] == own.position.rank
        if own.position.rank is not None:
            assert rank["text"].split() == [str(int(own.position.rank)), "/", str(own.position.n)]
        for cell, group in zip((groups[0], groups[-1]), own.peers, strict=True):
            assert shows(cell, group.value, group.missing), (indicator, group.label)
            if group.difference_relative is not None and cell["aside"].startswith(("+", "\N{MINUS SIGN}")) and "pp" not in cell["aside"]:
                said = float(re.match(r"[+\N{MINUS SIGN}]?([\d,]+\.\d)", cell["aside"])[1].replace(",", ""))
                assert abs(said - abs(group.difference_relative) * 100) <= 0.05 + 1e-9


def test_the_parts_are_those_of_composition(release, told):
    area, report, page = told
    made = release.composition(report.indicators[0], area, peers=["region", "country"])
    table = in_section(page, "composition")[0]
    *parts, whole = table["rows"]
    for row, part in zip(parts, made.parts, strict=True):
        assert row[0]["text"] == part.label
        assert shows(row[1], part.figure.value, part.figure.missing)
        assert row[2]["value"] == part.figure.share
    assert shows(whole[1], made.whole.value, made.whole.missing)
    # The region is the first column behind the shares, the country the last; similar municipalities stand between.
    for column, group in zip((3, -1), made.peers, strict=True):
        for row, part in zip(parts, group.parts, strict=True):
            assert shows(row[column], part.figure.value, part.figure.missing)
        assert shows(whole[column], group.whole.value, group.whole.missing)


def test_the_development_is_that_of_trend(release, told):
    area, report, page = told
    table, parts = in_section(page, "development")
    nominal = release.trend(report.indicators[0], area)
    real = release.trend(report.indicators[0], area, real="cpi@2019")
    country = release.groups(report.indicators[0], by="country", period=2019)
    for row, point, in_money in zip(table["rows"], nominal, real, strict=True):
        assert row[0]["text"] == point.period
        assert shows(row[1], point.value, point.missing)
        assert row[2]["value"] == point.change
        assert shows(row[3], in_money.value, in_money.missing)
        assert row[4]["value"] == in_money.change
    assert table["rows"][-1][5]["value"] == pytest.approx(country[0].value, rel=1e-12)
    made = release.composition(report.indicators[0], area)
    for column, part in enumerate(made.parts, 1):
        assert parts["headers"][column] == part.label
        for row, point in zip(parts["rows"], release.trend(part.indicator, area), strict=True):
            assert row[0]["text"] == point.period and shows(row[column], point.value, point.missing)


def test_the_distribution_holds_every_area(release, told):
    area, report, page = told
    everyone, groups = in_section(page, "distribution")
    ranking = release.rank(report.indicators[0], order="desc")
    shown = {row[0]["text"]: row[1] for row in everyone["rows"]}
    assert len(shown) == len(everyone["rows"]) == len(ranking)
    for row in ranking:
        assert shows(shown[row.name], row.value, row.missing)
    assert [row[0]["text"] for row in everyone["rows"]][0] == ranking[0].name
    own = release.compare(report.indicators[0], area)
    named = {row[0]["text"]: row for row in groups["rows"]}
    for peer in own.peers:
        assert shows(named[peer.label][1], peer.value, peer.missing)
        assert named[peer.label][2]["value"] == peer.difference
        assert named[peer.label][3]["text"] == f"{peer.n} of {peer.members}"


def test_similar_municipalities_are_those_of_peers(release, told):
    area, report, page = told
    tables = in_section(page, "peers")
    peers = release.peers(report.indicators[0], area, period=2019)
    own, *rows = tables[0]["rows"]
    assert [row[0]["text"].split(" (")[0] for row in rows] == [peer.name for peer in peers]
    for row, peer in zip(rows, peers, strict=True):
        assert row[1]["value"] == peer.distance
        assert row[2]["value"] == peer.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_say_the_same(release, language):
    report = release.report("Karleby").in_language(language)
    page = read(report.to_html())
    reference = read(release.report("Kokkola").to_html())
    assert page.language == language and page.scripts == 0 and len(page.h1) == 1
    numbers = [[cell["value"] for row in table["rows"] for cell in row] for table in page.tables]
    others = [[cell["value"] for row in table["rows"] for cell in row] for table in reference.tables]
    by_name = [table for table in page.tables if table["section"] != "distribution"]
    assert len(numbers) == len(others)
    assert [sorted(map(str, row)) for row in numbers] == [sorted(map(str, row)) for row in others]
    for table in by_name:
        for row in table["rows"]:
            for cell in row:
                if cell["value"] is not None and not re.search(r"[%/+a-z]", cell["text"]):
                    assert reads(re.sub(r" [A-Z]$", "", cell["text"]), cell["value"], language), cell


def test_nothing_is_fetched_and_nothing_runs(release):
    html_text = release.report("Kokkola").to_html()
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html_text
    targets = re.findall(r"(?:src|href|action|data)=[\"']([^\"']*)", html_text)
    assert targets and all(target.startswith(("#", "data:")) for target in targets)
    assert not re.search(r"<(script|link|iframe|object|embed|img|form)\b|\son\w+=|@import|url\(", html_text)


def downloads(page):
    found = re.findall(r'<a href="data:([^;,]+)[^"]*?base64,([^"]+)" download="([^"]+)"', page)
    return {name: base64.b64decode(html.unescape(content), validate=True) for _, content, name in found}


def test_the_figures_in_the_page_are_the_table(release):
    report = release.report("Kokkola")
    files = downloads(report.to_html())
    assert sorted(files) == ["kultti-272.csv", "kultti-272.json", "kultti-272.xlsx"]
    rows = list(csv.DictReader(io.StringIO(files["kultti-272.csv"].decode())))
    table = pa.table(report).to_pylist()
    assert len(rows) == len(table)
    for row, record in zip(rows, table, strict=True):
        assert row["indicator"] == record["indicator"] and row["group"] == (record["group"] or "")
        assert (float(row["value"]) if row["value"] else None) == record["value"]
    compared = release.compare(report.indicators[0], "Kokkola")
    sheets = numbers_of_sheets(files["kultti-272.xlsx"])
    assert compared.value in sheets["Key figures"] and compared.peers[0].value in sheets["Key figures"]
    assert {"Costs by function", "Development", "Keep in mind", "Method"} <= set(sheets)
    cube = json.loads(files["kultti-272.json"])
    assert cube["class"] == "dataset" and cube["version"] == "2.0"
    assert compared.value in [number for number in dict_or_list(cube["value"]) if number is not None]


def numbers_of_sheets(book):
    """The numbers of each sheet of a workbook, by the standard library alone."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        names = xml.etree.ElementTree.fromstring(parts.read("xl/workbook.xml")).iterfind("m:sheets/m:sheet", space)
        found = {}
        for place, sheet in enumerate(names, 1):
            cells = xml.etree.ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{place}.xml")).iterfind(".//m:c", space)
            numbers = [cell for cell in cells if cell.get("t") is None and cell.find("m:v", space) is not None]
            found[sheet.get("name")] = [float(cell.find("m:v", space).text) for cell in numbers]
        return found


def dict_or_list(values):
    return values.values() if isinstance(values, dict) else values


def test_an_area_that_has_ended(release):
    with pytest.raises(kultti.NotFoundError) as caught:
        release.report("Juankoski")
    assert "Kuopio" in str(caught.value)
    report = release.report("Juankoski", territory="then")
    page = read(report.to_html())
    (table,) = in_section(page, "key-figures")
    assert {row[2]["text"] for row in table["rows"]} <= {"2015", "2016"}
    for indicator, row in zip(report.indicators, table["rows"], strict=True):
        own = release.compare(indicator, "Juankoski", period=row[2]["text"], territory="then")
        assert shows(row[1], own.value, own.missing)


HOSTILE = "<script>alert(1)</script> \"'><img src=x onerror=alert(2)> & </style><svg onload=alert(3)>"


@pytest.fixture(scope="module")
def hostile():
    """A release in which every text that somebody else wrote tries to be more than text."""
    catalogue = {
        "unit": {"id": "point", "symbol": HOSTILE},
        "measure": [
            {"id": "survey.score", "label": HOSTILE, "unit": "point", "kind": "share", "decimals": 1},
            {"id": "survey.visits", "label": HOSTILE, "unit": "visit"},
        ],
        "indicator": [
            {
                "id": "survey.visits_per_inhabitant",
                "formula": "survey.visits / population.year_end",
                "label": HOSTILE,
                "definition": HOSTILE,
                "caveats": [HOSTILE],
            }
        ],
    }
    rows = {
        "measure": ["survey.visits"] * 3,
        "period": ["2019"] * 3,
        "area": ["272", "091", "049"],
        "territory": ["2019-12-31"] * 3,
        "value": [90000.0, None, 5.0],
        "status": ["E", "Q", "A"],
        "note": [HOSTILE] * 3,
    }
    example = kultti.example(language="en")
    return example.extend(pa.table(rows), catalogue=catalogue)


def test_text_of_others_stays_text(hostile):
    page = hostile.report("Kokkola", indicators=["survey.visits_per_inhabitant"], peers=["country"]).to_html()
    assert "<script>" not in page and "<img" not in page and "onload=alert(3)>" not in page.replace("&gt;", "")
    assert page.count("</style>") == 1
    reader = read(page)
    assert reader.scripts == 0
    (table,) = in_section(reader, "key-figures")
    assert table["rows"][0][0]["text"] == " ".join(HOSTILE.split())


def test_an_area_without_any_data(hostile):
    report = hostile.report("Kauniainen", indicators=["survey.visits_per_inhabitant"], peers=["country"])
    page = read(report.to_html())
    (table,) = in_section(page, "key-figures")
    own = hostile.compare("survey.visits_per_inhabitant", "Kauniainen")
    assert own.value is None and shows(table["rows"][0][1], None, own.missing)


def test_templates_of_ones_own(release, tmp_path):
    (tmp_path / "style.css").write_text("h1 { color: #004a99 }")
    page = release.report("Kokkola").to_html(templates=tmp_path)
    assert "<style>h1 { color: #004a99 }</style>" in page
    (tmp_path / "report.html").write_text("{% extends 'layout.html' %}{% block body %}<h1>{{ page.titel }}</h1>{% endblock %}")
    with pytest.raises(kultti.InvalidDataError) as caught:
        release.report("Kokkola").to_html(templates=tmp_path)
    assert "report.html" in str(caught.value) and "1" in str(caught.value)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(kultti.InvalidArgumentError) as caught:
        release.report("Kokkola").to_html(templates=empty)
    assert "style.css" in str(caught.value)


def test_formats_and_bytes(release, tmp_path):
    report = release.report("Kokkola")
    for name in ("a.html", "a.md", "a.xlsx", "a.txt", "a.csv", "a.json", "a.jsonstat", "a.parquet"):
        report.write(tmp_path / name)
        first = (tmp_path / name).read_bytes()
        release.report("Kokkola").write(tmp_path / name)
        assert (tmp_path / name).read_bytes() == first, name
    with pytest.raises(kultti.KulttiError) as caught:
        report.write(tmp_path / "a.docx")
    assert "html" in str(caught.value) and not (tmp_path / "a.docx").exists()
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "154.59" in text and "## Kokkola (Karleby)" in text


def test_an_indicator_without_the_period_has_an_earlier_one(release):
    report = release.report("Kokkola", period=2016, peers="country")
    (table,) = in_section(read(report.to_html()), "key-figures")
    assert {row[2]["text"] for row in table["rows"]} == {"2016"}
    assert "population.share_65_over" not in report.indicators
    assert "Share of persons aged 65 or over (figures begin: 2018)" in report.to_html()
