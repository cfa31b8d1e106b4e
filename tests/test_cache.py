"""What was kept changes nothing but the time: cold, warm, after any edit, and whatever becomes of the file."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from analyzer import app, cache, engine
from analyzer.app.reading import Reader
from analyzer.cache import Cache
from analyzer.model import Index, IndexExpression, Literal, Name, Settings, Site
from tests.edits import edit, outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analyzer.model import Problem, SourceFile, Surface

BAZAAR = Path(__file__).parents[1] / "fixtures" / "projects" / "bazaar"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BAZAAR, tmp_path / "bazaar", ignore=shutil.ignore_patterns(cache.FOLDER)))


def _settings(project: Path, *, cached: bool = True) -> Settings:
    return Settings(roots=(str(project),), cache=str(project / cache.FOLDER) if cached else None)


def _kept(folder: Path) -> int:
    connection = sqlite3.connect(folder / "cache.db")
    [(count,)] = connection.execute("select count(*) from entries")
    connection.close()
    return int(count)


def test_values_come_back(tmp_path: Path) -> None:
    first = Cache(tmp_path)
    first.put({first.key("a"): (Site(1, 2), "x", None)})
    assert first.get([first.key("a"), first.key("b")]) == {first.key("a"): (Site(1, 2), "x", None)}
    assert first.has([first.key("a"), first.key("b")]) == {first.key("a")}
    first.close()
    again = Cache(tmp_path)
    assert again.get([again.key("a"), again.key("b")]) == {again.key("a"): (Site(1, 2), "x", None)}
    assert again.has([again.key("a"), again.key("b")]) == {again.key("a")}
    again.close()
    assert (tmp_path / ".gitignore").read_text("utf8").splitlines()[-1] == "*"


def test_each_kind_of_value_comes_back_as_what_it_was(tmp_path: Path) -> None:
    """Also where two are called alike: an index of a table, and `rows[0]`."""
    one = Cache(tmp_path)
    values = [IndexExpression(Name("rows"), Literal(0)), Index("by_name", ("name",)), Site(1, 1)]
    one.put({one.key("all"): tuple(values)})
    one.close()
    again = Cache(tmp_path)
    [found] = again.get([again.key("all")]).values()
    assert [(type(value), value) for value in found] == [(type(value), value) for value in values]
    again.close()


def test_nothing_but_values_is_made_of_an_entry(tmp_path: Path) -> None:
    one = Cache(tmp_path)
    one.put({one.key("harm"): print, one.key("good"): Site(1, 1)})
    one._new[one.key("worse")] = pickle.dumps(_Harm())
    one.close()
    again = Cache(tmp_path)
    keys = [again.key(name) for name in ("harm", "worse", "good")]
    assert list(again.get(keys)) == [again.key("good")]
    again.close()


class _Harm:
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("exit 1",)


def test_the_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MAX_BYTES", 10_000)
    for day in range(30):
        monkeypatch.setattr(cache, "_today", lambda day=day: day)
        one = Cache(tmp_path)
        one.get([one.key("first")])
        one.put({one.key(str(day)): "x" * 1000})
        if day == 0:
            one.put({one.key("first"): "y"})
        one.close()
    again = Cache(tmp_path)
    assert set(again.get([again.key("first"), again.key("29")])) == {again.key("first"), again.key("29")}
    again.close()
    assert _kept(tmp_path) < 15
    assert (tmp_path / "cache.db").stat().st_size < 60_000


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_torn_or_foreign_file_is_replaced(project: Path, content: bytes) -> None:
    cold = app.analyze(_settings(project, cached=False))
    folder = project / cache.FOLDER
    folder.mkdir()
    (folder / "cache.db").write_bytes(content)
    assert app.analyze(_settings(project)) == cold
    assert app.analyze(_settings(project)) == cold
    assert _kept(folder) > 10


def test_a_torn_entry_is_a_miss(project: Path) -> None:
    cold = app.analyze(_settings(project))
    connection = sqlite3.connect(project / cache.FOLDER / "cache.db")
    connection.execute("update entries set value = substr(value, 1, length(value) / 2)")
    connection.commit()
    connection.close()
    assert app.analyze(_settings(project)) == cold


def test_a_value_of_another_kind_is_a_miss(project: Path) -> None:
    cold = app.analyze(_settings(project))
    connection = sqlite3.connect(project / cache.FOLDER / "cache.db")
    connection.execute("update entries set value = ?", (pickle.dumps((1, 2)),))
    connection.commit()
    connection.close()
    assert app.analyze(_settings(project)) == cold


def test_a_folder_that_cannot_be_made_keeps_nothing(project: Path) -> None:
    (project / cache.FOLDER).write_text("a file", "utf8")
    assert app.analyze(_settings(project)) == app.analyze(_settings(project, cached=False))


def test_a_lock_and_a_full_disk_are_no_errors(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_WAIT_SECONDS", 0.01)
    cold = app.analyze(_settings(project))
    holder = sqlite3.connect(project / cache.FOLDER / "cache.db", isolation_level=None)
    holder.execute("begin exclusive")
    (project / "src" / "new.ts").write_text("export const a = 1;\n", "utf8")
    (project / "src" / "new.ts").unlink()
    assert app.analyze(_settings(project)) == cold
    holder.execute("rollback")
    holder.close()

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Cache, "_write", full)
    assert app.analyze(_settings(project)) == cold


def test_a_killed_run_loses_nothing_but_what_it_wrote(project: Path) -> None:
    cold = app.analyze(_settings(project))
    folder = project / cache.FOLDER
    script = (
        "import os, sqlite3; c = sqlite3.connect('cache.db', isolation_level=None); c.execute('pragma cache_size = 1');"
        "c.execute('begin'); c.execute('delete from entries'); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", script], cwd=folder, check=False)
    assert killed.returncode == -9
    assert app.analyze(_settings(project)) == cold
    assert _kept(folder) > 10


def test_two_runs_at_once(project: Path) -> None:
    command = [sys.executable, "-m", "analyzer", "scan", "-f", "json", str(project)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=project) for _ in range(3)]
    outputs = {run.communicate()[0] for run in runs}
    assert len(outputs) == 1
    assert {run.returncode for run in runs} == {1}


def test_clean_removes_what_was_kept(project: Path) -> None:
    app.analyze(_settings(project))
    folder = project / cache.FOLDER
    assert cache.clean(folder)
    assert not folder.exists()
    assert not cache.clean(folder)


def test_clean_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("dist\n", "utf8")
    assert not cache.clean(tmp_path)
    assert (tmp_path / ".gitignore").exists()


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edit_the_report_is_that_of_a_cold_run(project: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        edit(project, chance)
        assert outcome(_settings(project)) == outcome(_settings(project, cached=False))


def _unlinked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be linked: a report can only come from the cache."""

    def linked(*_: object) -> None:
        raise AssertionError("a report is made anew")

    monkeypatch.setattr(app, "_code", linked)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("src/server/api/routers/admin.ts", "// a comment\n"),
        ("src/server/db/schema.ts", "// a comment\n"),
        ("src/env.js", "// a comment\n"),
        ("src/env.js", 'export const more = "of-no-table";\ndb.insert(nothing, "else");\n'),
        ("src/app/layout.tsx", 'export function Other() {\n  return run("select 1 from nothing");\n}\n'),
    ],
)
def test_an_edit_that_says_the_same_makes_no_report_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, more: str
) -> None:
    app.analyze(_settings(project))
    with (project / name).open("a", encoding="utf8") as file:
        file.write(more)
    cold = app.analyze(_settings(project, cached=False))
    with monkeypatch.context() as patch:
        _unlinked(patch)
        assert app.analyze(_settings(project)) == cold
        assert app.analyze(_settings(project)) == cold


@pytest.mark.parametrize("more", ["// a comment\n", "\n\n", "console.log('here');\n", "/* one\n   two */\n"])
@pytest.mark.parametrize(
    "name", ["src/server/api/routers/admin.ts", "src/server/api/routers/feedback.ts", "src/server/db/index.ts"]
)
def test_what_stands_on_other_lines_is_moved(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, more: str
) -> None:
    before = app.analyze(_settings(project))
    lines = (project / name).read_text("utf8").splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("export "))
    (project / name).write_text("".join([*lines[:start], more, *lines[start:]]), "utf8")
    cold = app.analyze(_settings(project, cached=False))
    assert cold != before
    with monkeypatch.context() as patch:
        _unlinked(patch)
        assert app.analyze(_settings(project)) == cold
        assert app.analyze(_settings(project)) == cold


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schema.ts", "\n{}"),
        ("parts.ts", "\n\n{}"),
        ("use.ts", "const q = 1;\n{}"),
        ("use.ts", "/* on one line */ {}"),
    ],
)
def test_what_is_declared_or_says_something_else_is_not_moved(tree: Callable[..., Path], name: str, text: str) -> None:
    """An index that a helper makes has the lines of the helper."""
    files = {
        "parts.ts": 'import { index } from "drizzle-orm/pg-core";\nexport const by = (t: any) => [\n  index("by_id").on(t.id),\n];\n',
        "schema.ts": 'import { pgTable, serial } from "drizzle-orm/pg-core";\nimport { by } from "./parts";\n'
        '// tabletrace: keep\nexport const users = pgTable("users", {\n  id: serial("id"),\n}, by);\n',
        "use.ts": 'import { users } from "./schema";\nexport const f = (db: any) => [\n  db.select().from(users),\n'
        "  db.execute(`select 1\nfrom users\nwhere true`)];\n",
    }
    folder = tree(files)
    app.analyze(_settings(folder))
    (folder / name).write_text(text.replace("{}", files[name]), "utf8")
    assert app.analyze(_settings(folder)) == app.analyze(_settings(folder, cached=False))


SUMMED = (
    'import { users } from "./schema";\nexport const f = (db: any) => {\n  db.execute("select 1 as a\\n\\n\\n\\n" +\n'
    '    "from users");\n  const k = 1;\n  db.select().from(users);\n};\n'
)


@pytest.mark.parametrize(
    ("files", "name", "old", "new"),
    [
        (  # the id of a table that a function makes says where
            {
                "local.ts": 'import { pgTable, text } from "drizzle-orm/pg-core";\nconst a = 1;\n'
                'export function make() {\n  const inner = pgTable("inner", { id: text("id") });\n  return inner;\n}\n'
            },
            "local.ts",
            "const a = 1;",
            "const a = 1; // why",
        ),
        (  # or who asks for it
            {
                "crm.ts": 'import { pgTable, text } from "drizzle-orm/pg-core";\n'
                'export const tables = (prefix: string) => {\n  const calls = pgTable(prefix + "calls", { id: text("id") });\n  return { calls };\n};\n',
                "north.ts": 'import { tables } from "./crm";\nexport const { calls } = tables("north_");\n',
            },
            "north.ts",
            "export",
            "\nexport",
        ),
        ({"use.ts": SUMMED}, "use.ts", "  const k", "\n\n  const k"),
        ({"use.ts": SUMMED}, "use.ts", '    "from', '\n\n\n    "from'),
        (  # columns that come without an import
            {
                "nuxt.config.ts": "export default defineNuxtConfig({});\n",
                "server/utils/parts.ts": 'import { timestamp } from "drizzle-orm/pg-core";\nexport const stamps = { made: timestamp("made") };\n',
                "server/db/schema.ts": 'import { pgTable, text } from "drizzle-orm/pg-core";\n'
                'export const notes = pgTable("notes", { id: text("id"), ...stamps });\n',
            },
            "server/utils/parts.ts",
            "import",
            "\n\nimport",
        ),
        (  # a number without end
            {
                "more.ts": 'import { integer } from "drizzle-orm/pg-core";\nexport const most = integer("most").default(null);\n'
            },
            "more.ts",
            "null",
            "1e999",
        ),
    ],
)
def test_what_only_looks_the_same_makes_the_report_anew(
    tree: Callable[..., Path], files: dict[str, str], name: str, old: str, new: str
) -> None:
    schema = 'import { pgTable, serial } from "drizzle-orm/pg-core";\nexport const users = pgTable("users", { id: serial("id") });\n'
    folder = tree({"schema.ts": schema, **files})
    app.analyze(_settings(folder))
    (folder / name).write_text(files[name].replace(old, new, 1), "utf8")
    assert app.analyze(_settings(folder)) == app.analyze(_settings(folder, cached=False))


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("src/env.js", 'run(`select * from "bazaar-vid_metric"`);\n'),
        ("src/env.js", 'run("select id, name from \\"bazaar-vid_metric\\" where x = 1");\n'),
        ("src/env.js", "\0\0\0\n"),
        ("src/env.js", 'import { gone } from "./nowhere";\n'),
        ("src/env.js", 'new Worker("./lib/stats.ts");\n'),
        ("src/app/layout.tsx", "export const any = db.query[x].findMany();\n"),
        ("src/env.js", 'import { metrics } from "./server/db/schema";\nconsole.log(metrics);\n'),
        ("src/app/layout.tsx", 'client.from("bazaar-vid_metric");\n'),
        ("src/app/layout.tsx", "export const wiped = (db: any) => db.delete(tables.metrics);\n"),
        ("src/env.js", "export const first = client.query.metrics;\n"),
        (
            "src/server/api/routers/admin.ts",
            'import { metrics } from "~/server/db/schema";\nexport const m = db.select().from(metrics);\n',
        ),
    ],
)
def test_an_edit_that_uses_a_table_makes_the_report_anew(project: Path, name: str, more: str) -> None:
    before = app.analyze(_settings(project))
    with (project / name).open("a", encoding="utf8") as file:
        file.write(more)
    after = app.analyze(_settings(project))
    assert after == app.analyze(_settings(project, cached=False))
    assert after != before


def test_an_import_that_leads_nowhere_is_told_with_its_line(tree: Callable[..., Path]) -> None:
    schema = 'import { pgTable } from "drizzle-orm/pg-core";\nexport const users = pgTable("users", {});\n'
    folder = tree({"schema.ts": schema, "x.ts": 'import "./nowhere";\n'})
    app.analyze(_settings(folder))
    (folder / "x.ts").write_text('\n\nimport "./nowhere";\n', "utf8")
    assert [(one.file, one.line) for one in app.analyze(_settings(folder)).problems] == [("x.ts", 3)]


def test_a_file_that_became_binary_is_told(tree: Callable[..., Path]) -> None:
    schema = 'import { pgTable } from "drizzle-orm/pg-core";\nexport const users = pgTable("users", {});\n'
    folder = tree({"schema.ts": schema, "x.ts": "const a = 1;\n"})
    assert app.analyze(_settings(folder)).problems == ()
    (folder / "x.ts").write_text("const a = 1;\n\0\0\0\n", "utf8")
    assert [one.file for one in app.analyze(_settings(folder)).problems] == ["x.ts"]


def test_an_export_that_was_asked_for_in_vain_makes_the_report_anew(tree: Callable[..., Path]) -> None:
    """A file that no table comes from may still say what one is called."""
    schema = (
        'import { pgTable, serial } from "drizzle-orm/pg-core";\nimport { name } from "./names";\n'
        'export const teams = pgTable(name, { id: serial("id") });\n'
    )
    folder = tree({"schema.ts": schema, "names.ts": "export const other = 1;\n"})
    app.analyze(_settings(folder))
    with (folder / "names.ts").open("a", encoding="utf8") as file:
        file.write('export const name = "crews";\n')
    after = app.analyze(_settings(folder))
    assert after == app.analyze(_settings(folder, cached=False))
    assert [verdict.table.name for verdict in after.verdicts] == ["crews"]


HELD = 'send({ table: "crews" });\n'


@pytest.fixture
def held(tree: Callable[..., Path]) -> Path:
    """A code base with a file that holds a table's name as a string, and has to do with it in no other way."""
    schema = 'import { pgTable, serial } from "drizzle-orm/pg-core";\nexport const teams = pgTable("crews", { id: serial("id") });\n'
    return tree({"schema.ts": schema, "use.ts": HELD})


def test_other_code_of_a_file_that_holds_a_name_makes_no_report_anew(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.analyze(_settings(held))
    (held / "use.ts").write_text(HELD + "export const more = call(1);\n", "utf8")
    cold = app.analyze(_settings(held, cached=False))
    with monkeypatch.context() as patch:
        _unlinked(patch)
        assert app.analyze(_settings(held)) == cold


@pytest.mark.parametrize("code", ["", "\n" + HELD, 'send({ table: "others" });\n', 'send({ label: "crews" });\n'])
def test_another_place_of_a_name_makes_the_report_anew(held: Path, code: str) -> None:
    before = app.analyze(_settings(held))
    (held / "use.ts").write_text(code, "utf8")
    after = app.analyze(_settings(held))
    assert after == app.analyze(_settings(held, cached=False))
    assert after != before


@pytest.mark.parametrize("prefilter", [True, False])
def test_a_comment_of_a_file_that_cannot_be_parsed_counts(tree: Callable[..., Path], prefilter: bool) -> None:
    schema = 'import { pgTable } from "drizzle-orm/pg-core";\nexport const usersTable = pgTable("users", {});\n'
    text = 'const x = = 3; /* {} */ // "select 1 from {}"\n'
    folder = tree({"schema.ts": schema, "x.ts": text.format("users", "other")})
    settings = replace(_settings(folder), prefilter=prefilter)
    app.analyze(settings)
    (folder / "x.ts").write_text(text.format("other", "users"), "utf8")
    assert app.analyze(settings) == app.analyze(replace(settings, cache=None))


def test_an_ignored_file_that_can_be_read_by_now_is_read(
    tree: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = (
        'import { pgTable } from "drizzle-orm/pg-core";\nimport { name } from "../gen/name";\n'
        "export const users = pgTable(name, {});\n"
    )
    folder = tree({".gitignore": "gen/", "src/schema.ts": schema})
    (folder / "gen").mkdir()
    (folder / "gen" / "name.ts").write_text('export const name = "crews";\n', "utf8")
    known = engine._content

    def content(file: SourceFile) -> bytes:
        if file.path.startswith("gen/"):
            raise PermissionError(13, "Permission denied")
        return known(file)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_content", content)
        assert "gen/name.ts" in {problem.file for problem in app.analyze(_settings(folder)).problems}
    after = app.analyze(_settings(folder))
    assert after == app.analyze(_settings(folder, cached=False))
    assert [verdict.table.name for verdict in after.verdicts] == ["crews"]


def test_names_with_line_ends_are_not_taken_for_others(tree: Callable[..., Path]) -> None:
    schema = 'import {{ pgTable }} from "drizzle-orm/pg-core";\n{}\n'
    folder = tree({"raw.ts": 'export const q = (c: any) => c.run("select 1 from bb");\n', "schema.ts": ""})
    for tables in (["aa\\nbb"], ["aa", "bb"]):
        made = (f'export const t{number} = pgTable("{name}", {{}});' for number, name in enumerate(tables))
        (folder / "schema.ts").write_text(schema.format("\n".join(made)), "utf8")
        assert app.analyze(_settings(folder)) == app.analyze(_settings(folder, cached=False))


def test_a_file_that_is_saved_during_a_run_and_undone_leaves_no_report(
    tree: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = 'import { pgTable } from "drizzle-orm/pg-core";\nexport const users = pgTable("users", {});\n'
    without, using = "export const n = 1;\n", 'import { users } from "./schema";\ndb.select().from(users);\n'
    folder = tree({"schema.ts": schema, "use.ts": without})
    known = Reader.surfaces

    def late(self: Reader, files: Sequence[SourceFile]) -> Iterator[Surface | Problem]:
        (folder / "use.ts").write_text(using, "utf8")
        return known(self, files)

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "surfaces", late)
        assert [verdict.status for verdict in app.analyze(_settings(folder)).verdicts] == ["used"]
    (folder / "use.ts").write_text(without, "utf8")
    assert [verdict.status for verdict in app.analyze(_settings(folder)).verdicts] == ["orphaned"]


def test_a_statement_that_is_no_longer_one_is_no_use_any_more(project: Path) -> None:
    file = project / "src" / "late.ts"
    file.write_text('export const a = run(`select * from "bazaar-vid_metric"`);\n', "utf8")
    used = app.analyze(_settings(project))
    file.write_text('export const a = run(`select * from "another_one"`);\n', "utf8")
    unused = app.analyze(_settings(project))
    assert unused == app.analyze(_settings(project, cached=False)) != used


def test_a_report_is_not_taken_for_one_that_rests_on_other_ignored_files(tree: Callable[..., Path]) -> None:
    """Code that reaches an ignored file rests on it: what it said in one run is not what it says in another."""
    made = 'import { pgTable, serial } from "drizzle-orm/pg-core"; export const users = pgTable("users", { id: serial("id") });'
    folder = tree({".gitignore": "gen/", "src/schema.ts": made.replace("users", "teams")})
    (folder / "gen").mkdir()
    for generated in ("export const users = 1;", made):
        (folder / "gen" / "schema.ts").write_text(generated, "utf8")
        for given in ("1", "1, users"):
            use = (
                f'import {{ users }} from "../gen/schema";\nexport const f = (db: any) => db.select().from({given});\n'
            )
            (folder / "src" / "use.ts").write_text(use, "utf8")
            assert outcome(_settings(folder)) == outcome(_settings(folder, cached=False))


@pytest.mark.parametrize("value", ["true", "1.0"])
def test_what_is_equal_and_not_the_same_makes_the_report_anew(tree: Callable[..., Path], value: str) -> None:
    schema = (
        'import { V } from "./v"; import { pgTable, serial } from "drizzle-orm/pg-core";'
        ' export const users = pgTable(`users_${V}`, { id: serial("id") });'
    )
    folder = tree({"src/schema.ts": schema, "src/v.ts": "export const V = 1;"})
    app.analyze(_settings(folder))
    (folder / "src" / "v.ts").write_text(f"export const V = {value};", "utf8")
    assert app.analyze(_settings(folder)) == app.analyze(_settings(folder, cached=False))
