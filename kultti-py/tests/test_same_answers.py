"""500 questions give the same records in Python and at a shell; the Rust test of the same name asks the library."""

import json
from pathlib import Path
from typing import Any

import kultti
import pytest

QUESTIONS = Path(__file__).parents[2] / "kultti-cli" / "tests" / "questions" / "questions.jsonl"
# Ranges are `start` and `end` in Python, where `from` is a word of the language.
RENAMED = {"from": "start", "to": "end"}


def command(question: dict[str, Any]) -> list[str]:
    words = [question["verb"]]
    for name, value in question.items():
        if name in ("indicator", "search"):
            words.append(value)
        elif name == "k":
            words += ["-k", str(value)]
        elif value is True:
            words.append(f"--{name}")
        elif name != "verb":
            words.append(f"--{name}={','.join(value) if isinstance(value, list) else value}")
    return words


def asked(release: kultti.Release, question: dict[str, Any]) -> Any:
    keywords = {RENAMED.get(name, name.replace("-", "_")): value for name, value in question.items()}
    verb = keywords.pop("verb").replace("-", "_")
    if verb in ("indicators", "areas"):
        return getattr(release, verb)(keywords["search"])
    if keywords.get("chain") == "stated":
        keywords["chain"] = True
    elif "chain" in keywords:
        keywords["chain"] = float(keywords["chain"])
    return getattr(release, verb)(**keywords)


def without_texts(record: Any) -> Any:
    """Sentences name options at a shell and keywords in Python; everything else must be equal."""
    if isinstance(record, list):
        return [without_texts(item) for item in record]
    if isinstance(record, dict):
        return {name: without_texts(value) for name, value in record.items() if name != "text"}
    return record


def test_python_and_the_shell_give_the_same_records(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KULTTI_RELEASE", "KULTTI_FORMAT", "KULTTI_LANG"):
        monkeypatch.delenv(name, raising=False)
    release = kultti.example(language="en")
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len(questions) == 500
    failed = 0
    for question in questions:
        path = tmp_path / "answer.json"
        path.unlink(missing_ok=True)
        line = ["kultti", *command(question), "--lang", "en", "--error-format", "json", "-o", str(path)]
        code = kultti._kultti.cli_main(line)
        said = capfd.readouterr().err
        try:
            found = asked(release, question)
        except kultti.KulttiError as error:
            failed += 1
            assert code in (2, 3, 4), (question, error)
            assert json.loads(said)["code"] == error.code, (question, said, str(error))
            continue
        if code == 4 and question["verb"] in ("indicators", "areas"):
            # A list without entries is an answer in Python, and nothing to show at a shell.
            assert len(found) == 0
            continue
        assert code == 0, (question, said)
        shell = json.loads(path.read_text(encoding="utf-8"))
        assert without_texts(json.loads(found.to_json())) == without_texts(shell), question
    # The list holds answers and errors alike.
    assert 50 < failed < 250
