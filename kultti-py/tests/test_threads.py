"""One release, many threads, and processes that were forked."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import kultti
import pytest

from conftest import CULTURE, EXAMPLE, LIBRARY

AREAS = ("Kokkola", "Vaasa", "Nurmes", "Oulu", "Turku", "Tampere", "Kemi", "Sipoo")


def answers(release: kultti.Release, area: str) -> list[str]:
    return [
        release.compare(CULTURE, area, period=2019).to_json(),
        release.trend(LIBRARY, area).to_json(),
        release.explain(CULTURE, area, period=2018).to_json(),
        repr(release.groups(CULTURE, by="region", period=2017)),
    ]


def test_eight_threads_get_the_same_answers() -> None:
    """Each thread asks all questions at once with the others; the file is read by all of them."""
    release = kultti.open(EXAMPLE, language="en")
    alone = {area: answers(release, area) for area in AREAS}
    together = threading.Barrier(len(AREAS))

    def ask(area: str) -> list[str]:
        together.wait()
        return answers(release, area)

    with ThreadPoolExecutor(len(AREAS)) as pool:
        assert dict(zip(AREAS, pool.map(ask, AREAS), strict=True)) == alone


def test_a_question_does_not_hold_the_interpreter(release: kultti.Release) -> None:
    """Another thread goes on while a release is verified."""
    ticks = 0
    done = threading.Event()

    def verify() -> None:
        for _ in range(3):
            release.verify()
        done.set()

    thread = threading.Thread(target=verify)
    interval = sys.getswitchinterval()
    # A thread that keeps the interpreter would be asked to give it up only after this long.
    sys.setswitchinterval(60)
    try:
        thread.start()
        while not done.wait(0.0005):
            ticks += 1
    finally:
        sys.setswitchinterval(interval)
        thread.join()
    assert ticks > 3


def _in_child(queue: multiprocessing.Queue[str], release: kultti.Release) -> None:
    queue.put(release.compare(CULTURE, "Kokkola", period=2019).to_json())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_goes_on_asking(release: kultti.Release) -> None:
    expected = release.compare(CULTURE, "Kokkola", period=2019).to_json()
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[str] = context.Queue()
    child = context.Process(target=_in_child, args=(queue, release))
    child.start()
    assert queue.get(timeout=60) == expected
    child.join(timeout=60)
    assert child.exitcode == 0


def _everything_in_child(queue: multiprocessing.Queue[int], release: kultti.Release) -> None:
    queue.put(release.compare_all(["rank"], order="desc", start=2018).summary().rows)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_forked_while_everything_is_compared_goes_on_asking(release: kultti.Release) -> None:
    """The threads of a run stay in the parent; the child begins a run of its own, and the parent's goes on."""
    everything = release.compare_all(["rank"], order="desc", start=2018)
    expected = everything.summary().rows
    running = iter(everything)
    seen = len(next(running))
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[int] = context.Queue()
    child = context.Process(target=_everything_in_child, args=(queue, release))
    child.start()
    assert queue.get(timeout=60) == expected
    child.join(timeout=60)
    assert child.exitcode == 0
    assert seen + sum(len(batch) for batch in running) == expected


def test_threads_change_the_language_without_harm() -> None:
    """Two threads set it, four open: each release has one of the two, and answers in it."""
    together = threading.Barrier(6)

    def set_it(language: str) -> set[str]:
        together.wait()
        for _ in range(200):
            kultti.set_language(language)  # type: ignore[arg-type]
        return set()

    def open_it(_: str) -> set[str]:
        together.wait()
        names = {"fi": "Kokkola", "sv": "Karleby"}
        opened = [kultti.example() for _ in range(5)]
        assert [one.areas["272"].name for one in opened] == [names[one.language] for one in opened]
        return {one.language for one in opened}

    kultti.set_language("fi")
    try:
        with ThreadPoolExecutor(6) as pool:
            work = [pool.submit(set_it, "fi"), pool.submit(set_it, "sv"), *(pool.submit(open_it, "") for _ in range(4))]
            seen = set().union(*(one.result() for one in work))
    finally:
        kultti.set_language(None)
    assert seen <= {"fi", "sv"}
