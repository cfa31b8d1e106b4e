"""The query files document themselves, and what they document is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tree_sitter import Parser, Query, QueryCursor

from analyzer.extract import queries
from tests.documentation import QueryDocument, query_documents

if TYPE_CHECKING:
    from tree_sitter import Node

DOCUMENTS = query_documents()


def _owned(document: QueryDocument, text: str) -> list[dict[str, list[Node]]]:
    """Return the matches of a query file in a line, whichever grammar reads the line without an error."""
    found = []
    for grammar in ("ts", "tsx"):
        root = Parser(queries.language(grammar)).parse(text.encode()).root_node
        if not root.has_error or document.name == "error":
            found = [
                captures for _, captures in QueryCursor(Query(queries.language(grammar), document.text)).matches(root)
            ]
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_header_is_complete(document: QueryDocument) -> None:
    assert document.title == document.file_name
    assert document.summary.endswith(".")
    assert document.matches
    assert document.ignores


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_documented_captures_are_the_used_ones(document: QueryDocument) -> None:
    used = set(re.findall(r"@(?!_)[\w.]+", document.body))
    assert used == set(document.captures)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_matches_line_matches(document: QueryDocument) -> None:
    assert [line for line in document.matches if not _owned(document, line)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_no_ignores_line_matches(document: QueryDocument) -> None:
    assert [line for line in document.ignores if _owned(document, line)] == []


def test_every_query_is_read_by_extract() -> None:
    sources = "".join(path.read_text("utf8") for path in queries.Path(queries.__file__).parent.glob("*.py"))
    unread = [document.name for document in DOCUMENTS if f'"{document.name}"' not in sources]
    assert unread == []


def test_a_broken_query_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from tree_sitter import QueryError

    broken = (*queries.query_files(), queries.QueryFile("zz-broken", "(no_such_node) @a"))
    monkeypatch.setattr(queries, "query_files", lambda: broken)
    queries.joined.cache_clear()
    queries.chosen.cache_clear()
    with pytest.raises(QueryError, match=r"zz-broken\.scm"):
        queries.joined("ts")
    queries.joined.cache_clear()
    queries.chosen.cache_clear()
