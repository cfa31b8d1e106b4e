"""Which marks the bytes of a file have, found in one pass: where a mark is missing, nothing that needs it is looked for.

All patterns run as one automaton of RE2 (https://github.com/google/re2), so that another mark costs next to nothing. Each finds at least
what the exact pattern that is asked afterwards finds: RE2 has neither look-around nor possessive repetition.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from analyzer.model import BUILDERS, PERHAPS_BUILDERS

if TYPE_CHECKING:
    from collections.abc import Callable

Mark: TypeAlias = Literal[
    "statement", "text", "subquery", "sum", "finds", "globs", "computed", "opens", "query", "mounts", "named", "built", "asked", "keyed",
    "clause", "embeds", "adapter", "conflict", "assigns", "apart", "namespace", "again", "unpacked",
]  # fmt: skip

CLAUSES = "(?:from|join|into|where|set|values|union|using|select|insert|update|delete|with)\\b"
_SPACE = r"[\s\v]*"
_FOLLOWED = rf"{_SPACE}(?:<[^`]*>{_SPACE})?(?:`|(?:\?\.)?\({_SPACE}(?:/[/*][^\n]*{_SPACE})?[\"'`])"
_GAP = r"(?:[\s\v]|\\[ntr])+"
_DOT = r"\.(?:[\s\v]|//[^\n]*\n|/\*(?:[^*]|\*+[^*/])*\*+/)*"  # comments may stand behind it
_CALLED = r"[\s\v!?.]*[(<]"
_MARKS: dict[Mark, str] = {
    "statement": r"(?i)[\"'`](?:[\s\v(;]|\\[ntr])*(?:--|/\*|(?:select|with|update|truncate|explain|copy|analyze|vacuum)\b"
    r"|(?:insert|replace|delete|merge|refresh|lock|create|alter|drop|start|table|show|desc|describe|declare|prepare|cluster|call|grant|revoke|reindex|check"
    r"|repair|checksum|flush|load|pragma|savepoint|begin)[\s\v]|begin[\s\v]*;|set\b[^;]*;|values[\s\v]*\(|do[\s\v]*\$|table_\w+[\s\v]*\("
    rf"|\$\{{[^`]*\}}[\s\v]+{CLAUSES})",
    "text": rf"(?i)(?:sql(?:\.[\w$]+)*{_SPACE}(?:\([^()`]*\))?|raw|exec(?:ute)?(?:raw\w*)?|query(?:raw\w*)?|unsafe|prepare){_FOLLOWED}",
    "clause": rf"(?:FROM|JOIN|INTO|UPDATE){_GAP}[\w\"'`\[\\]|(?i:join{_GAP}[^\n]*(?:on|using)\b)|(?i:\((?:[\s\v]|\\[ntr])*select\b)"
    rf"|(?i:[\"'`](?:[\s\v]|\\[ntr])*from{_GAP})",
    "embeds": rf"\.{_SPACE}select{_CALLED}",
    "subquery": rf"\({_SPACE}SELECT\b",
    "sum": rf"(?i)\+{_SPACE}[\"'`]{_SPACE}{CLAUSES}",
    "finds": "findMany|findFirst",
    "globs": r"import.meta.glob",
    "computed": r"(?:import|require)[\s\v]*\(",
    "opens": "fullSchema",
    "query": "query",
    "mounts": rf"\.{_SPACE}(?:use|route|mount){_SPACE}\({_SPACE}[\"'`]/",
    "named": rf"{_DOT}(?:from|into|table|identifier|insertInto|selectFrom|updateTable|deleteFrom|(?:inner|left|right|full|cross)(?:Outer)?Join"
    rf"|mergeInto|replaceInto|rpc|batchInsert|with|raw|ref){_CALLED}",
    "built": rf"\b(?:{'|'.join((*BUILDERS, *PERHAPS_BUILDERS))}){_CALLED}",
    "asked": rf"{_DOT}(?:from|insert|into|update|delete|\$count|refreshMaterializedView"
    rf"|(?:left|right|inner|full|cross)Join(?:Lateral)?){_CALLED}",
    "keyed": rf"table(?:Name|_name)?[\"'`]?\]?{_SPACE}(?:\??:|[,=])",
    "adapter": "Adapter",
    "conflict": "<<<<<<< ",
    "assigns": rf"\bexports{_SPACE}[.=\[]|export{_SPACE}=",
    "apart": rf"export[\s\v]+(?:const|let|var){_SPACE}[{{\[]",
    "again": r"export[\s\v]*(?:type[\s\v]*)?[{*/]",
    "unpacked": rf"\{{[^{{}}]*\}}{_SPACE}=[^;\n]*\bquery\b",
    "namespace": rf"export{_SPACE}\*{_SPACE}as[\s\v]",
}


def marks(data: bytes) -> frozenset[Mark]:
    """Return the marks that the bytes of a file have, perhaps some more.

    >>> sorted(marks(b"db.query.users.findMany(); run('select a from b')"))
    ['finds', 'query', 'statement']
    """
    names, match = _automaton()
    found = match(data) or ()
    if len(names) not in found:  # the automaton gave up: then anything may be there
        return frozenset(names)
    return frozenset([names[index] for index in found if index < len(names)])


@cache
def _automaton() -> tuple[tuple[Mark, ...], Callable[[bytes], list[int] | None]]:
    import re2

    options = re2.Options()
    options.max_mem = 64 << 20  # for its states: they are made as they are met
    options.encoding = re2.Options.Encoding.LATIN1
    found = re2.Set.SearchSet(options)
    for pattern in (*_MARKS.values(), ""):  # the last one is everywhere
        found.Add(pattern)
    found.Compile()
    return tuple(_MARKS), found.Match
