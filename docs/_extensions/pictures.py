"""The pictures of the pages, drawn by the package when the site is built."""

from __future__ import annotations

import kultti


def pages() -> dict[str, str]:
    release = kultti.example(language="en")
    libraries = release.compare("library.net_operating_cost_per_inhabitant", "Kokkola", period=2019, peers=["region", "similar:8"])
    return {"libraries.svg": libraries.plot().to_svg()}
