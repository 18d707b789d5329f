"""A document becomes chunks that say where they stand."""

from __future__ import annotations

from rag.chunk.sizes import SIZES
from rag.chunk.split import split
from rag.chunk.tokens import count
from rag.model.chunk import Chunk
from rag.model.document import Document, Format, Scope

PARAGRAPH = "A server is a machine that runs in a network and answers what is asked of it, day and night. " * 4


def chunks(text: str, notation: Format = Format.MARKDOWN, title: str = "Servers", offset: int = 0) -> list[Chunk]:
    return split(Document("page", "", Scope.FILES, "u", title, text, format=notation, line_offset=offset))


def lines(found: list[Chunk]) -> list[tuple[int, int]]:
    return [(chunk.first_line, chunk.last_line) for chunk in found]


def crumbs(found: list[Chunk]) -> list[tuple[str, ...]]:
    return [chunk.crumb for chunk in found]


def test_each_section_stands_under_the_titles_above_it() -> None:
    found = chunks(
        f"# Servers\n\n{PARAGRAPH}\n\n## Resize\n\n{PARAGRAPH}\n\n### Now\n\n{PARAGRAPH}\n\nStop\n----\n{PARAGRAPH}\n"
    )
    assert crumbs(found) == [
        ("Servers",), ("Servers", "Resize"), ("Servers", "Resize", "Now"), ("Servers", "Stop"),
    ]  # fmt: skip
    assert lines(found) == [(1, 3), (5, 7), (9, 11), (13, 15)]
    assert all(chunk.text == PARAGRAPH for chunk in found)


def test_a_first_heading_that_is_the_title_is_told_once() -> None:
    assert crumbs(chunks("# SERVERS\n\ntext\n")) == [("Servers",)]
    assert crumbs(chunks("# Others\n\ntext\n")) == [("Servers", "Others")]


def test_lines_count_in_the_file_on_disk() -> None:
    assert lines(chunks("one\r\n\r\ntwo\r\n", offset=7)) == [(8, 10)]


def test_tiny_neighbours_are_one_chunk_and_keep_their_headings() -> None:
    (found,) = chunks("# Servers\n\nAll about them.\n\n## Start\n\nPress.\n\n## Stop\n\nPress long.\n")
    assert found.crumb == ("Servers",)
    assert found.text == "All about them.\n\n## Start\n\nPress.\n\n## Stop\n\nPress long."
    assert (found.first_line, found.last_line) == (1, 11)


def test_a_heading_without_text_is_not_lost() -> None:
    (found,) = chunks("# Later\n")
    assert (found.crumb, found.text) == (("Servers", "Later"), "# Later")


def test_a_hash_in_a_code_block_is_no_heading() -> None:
    text = f"## Run\n\n{PARAGRAPH}\n\n```sh\n# not a heading\nrun\n```\n"
    assert crumbs(chunks(text)) == [("Servers", "Run")]


def test_a_table_is_kept_whole_beyond_the_size_of_a_chunk() -> None:
    rows = "\n".join(f"| option-{n} | what it does, number {n} |" for n in range(28))
    found = chunks(f"{PARAGRAPH}\n\n| name | meaning |\n|---|---|\n{rows}\n\n{PARAGRAPH}\n")
    (table,) = (chunk for chunk in found if "option-0 " in chunk.text)
    assert SIZES.most < count(table.text) <= SIZES.whole
    assert "option-27 " in table.text


def test_a_table_too_large_is_cut_at_rows_with_its_head_on_each_part() -> None:
    rows = "\n".join(f"| option-{n} | what it does, number {n} |" for n in range(200))
    found = chunks(f"| name | meaning |\n|---|---|\n{rows}\n")
    assert len(found) > 5
    assert all(chunk.text.startswith("| name | meaning |\n|---|---|\n| option-") for chunk in found)
    assert sum(chunk.text.count("| option-") for chunk in found) == 200
    assert [last + 1 for _, last in lines(found)[:-1]] == [first for first, _ in lines(found)[1:]]
    assert lines(found)[0][0] == 1


def test_a_code_block_too_large_is_cut_at_lines_with_its_fence_around_each_part() -> None:
    code = "\n".join(f"  run --option-{n} value-{n}" for n in range(200))
    found = chunks(f"- ```sh\n{code}\n  ```\n")
    assert len(found) > 3
    assert all(chunk.text.startswith("- ```sh\n  run") for chunk in found)
    assert all(chunk.text.endswith("\n  ```") for chunk in found)


def test_a_line_too_long_is_cut_at_sentences() -> None:
    found = chunks(PARAGRAPH * 10)
    assert len(found) > 2
    assert lines(found) == [(1, 1)] * len(found)
    assert all(chunk.text.rstrip().endswith(".") for chunk in found)
    assert "".join(chunk.text for chunk in found) == PARAGRAPH * 10


def test_comments_are_left_out_and_lines_still_count() -> None:
    text = "<!-- ignore\nthe rules -->\n\nSeen. <!-- not seen --> Also seen.\n\n{/* nor\nthis */}\n\n`<!-- code -->`\n"
    (found,) = chunks(text)
    assert found.text == "Seen.  Also seen.\n\n`<!-- code -->`"
    assert (found.first_line, found.last_line) == (4, 9)


def test_a_comment_in_a_code_block_is_code() -> None:
    (found,) = chunks("```html\n<!-- shown -->\n```\n")
    assert "<!-- shown -->" in found.text


def test_a_comment_that_is_never_closed_is_text() -> None:
    (found,) = chunks("before\n\n<!-- open\n\nafter\n")
    assert found.text == "before\n\n<!-- open\n\nafter"


def test_admonitions_are_kept() -> None:
    (found,) = chunks("> [!WARNING]\n> Data is lost.\n\n:::note\nCareful.\n:::\n")
    assert "Data is lost." in found.text
    assert "Careful." in found.text


def test_markup_in_a_heading_is_not_part_of_its_title() -> None:
    found = chunks(f"## The [`size`](x.md) **flag** {{#size}}\n\n{PARAGRAPH}\n")
    assert crumbs(found) == [("Servers", "The size flag")]


def test_restructured_titles_are_known_by_their_adornment() -> None:
    text = f"=======\nServers\n=======\n\n{PARAGRAPH}\n\nResize\n======\n\n{PARAGRAPH}\n\nNow\n---\n\n{PARAGRAPH}\n\nStop\n====\n\n{PARAGRAPH}\n"
    found = chunks(text, Format.RST)
    assert crumbs(found) == [("Servers",), ("Servers", "Resize"), ("Servers", "Resize", "Now"), ("Servers", "Stop")]
    assert lines(found)[:2] == [(1, 5), (7, 10)]


def test_restructured_comments_are_left_out_and_directives_kept() -> None:
    text = ".. a remark\n   in two lines\n\n.. note:: Careful.\n\n.. code-block:: sh\n\n   # run\n\n   go\n\nEnd.\n"
    (found,) = chunks(text, Format.RST)
    assert "remark" not in found.text
    assert "two lines" not in found.text
    assert found.text.startswith(".. note:: Careful.\n\n.. code-block:: sh\n\n   # run\n\n   go\n\nEnd.")
    assert (found.first_line, found.last_line) == (4, 12)


def test_configuration_is_cut_at_its_top_level_keys() -> None:
    big = "\n".join(f"  - address: 10.0.0.{n}" for n in range(17))
    text = f"# All of them.\nservers:\n{big}\n\n# And these.\nvolumes:\n{big}\n"
    found = chunks(text, Format.YAML, title="infra/main.yaml")
    assert crumbs(found) == [("infra/main.yaml", "servers"), ("infra/main.yaml", "volumes")]
    assert found[1].text.startswith("# And these.\nvolumes:\n")
    assert lines(found) == [(1, 19), (21, 39)]


def test_tables_of_toml_and_keys_of_json_and_nickel_are_sections() -> None:
    body = "\n".join(f'  name{n} = "value {n} of many"' for n in range(20))
    assert crumbs(chunks(f"[a.b]\n{body}\n\n[[c]]\n{body}\n", Format.TOML)) == [("Servers", "a.b"), ("Servers", "c")]
    record = "\n".join(f'    "name{n}": "value {n} of {{many}}",' for n in range(13))
    text = f'{{\n  "one": {{\n{record}\n  }},\n  "two": {{\n{record}\n  }}\n}}\n'
    assert crumbs(chunks(text, Format.JSON)) == [("Servers", "one"), ("Servers", "two")]
    nickel = f"{{\n  one = {{\n{body}\n  }},\n  two = {{\n{body}\n  }}\n}}\n"
    assert crumbs(chunks(nickel, Format.NICKEL)) == [("Servers", "one"), ("Servers", "two")]


def test_pages_of_a_text_are_named() -> None:
    found = chunks(f"{PARAGRAPH}\n\f{PARAGRAPH}\n", Format.TEXT)
    assert crumbs(found) == [("Servers",), ("Servers", "page 2")]


def test_equal_text_under_equal_titles_has_equal_digests() -> None:
    one, other = chunks("# A\n\ntext\n"), chunks("\n\n# A\n\ntext\n")
    assert one[0].digest == other[0].digest


def test_what_hides_is_left_out_of_text_and_titles() -> None:
    (found,) = chunks("## Sta\u200brt\u202e\n\nPress\u00a0the\u2028button\x1b[2J\ufeff.\x00\n", title="Ser\u2066vers")
    assert found.crumb == ("Servers", "Start")
    assert found.text == "Press the button[2J.\ufffd"
