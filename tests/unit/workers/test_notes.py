"""What is said beside errors."""

from pykvbinding.workers import notes as remarks


def test_a_note_names_the_worker_and_its_file() -> None:
    note = remarks.import_note("wrangler.jsonc", "src/entry.py", "shop")

    assert note == (
        "while pykvbinding imported src/entry.py, which is the Worker 'shop' of wrangler.jsonc"
    )
    assert "which is the Worker of wrangler.jsonc" in remarks.import_note(
        "wrangler.jsonc", "x", None
    )


def test_a_traceback_is_that_of_python() -> None:
    try:
        raise ValueError("boom")
    except ValueError as error:
        text = remarks.traceback_of(error)

    assert text.startswith("Traceback (most recent call last):")
    assert text.endswith("ValueError: boom\n")
