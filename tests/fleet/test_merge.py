"""One verdict from what several repositories say."""

from __future__ import annotations

from analyzer.fleet import asked, merged
from analyzer.model import Elsewhere, Status, Ways
from analyzer.model.fleet import FleetReport, FleetTable, Owned, Repository, Survey, Use

SHOP, BILL, PORT = Repository("shop", "shop"), Repository("bill", "bill"), Repository("port", "port", "harbour")


def _owned(name: str | None, status: Status = "orphaned", crud: str = "", pattern: str | None = None) -> Owned:
    key = f"postgresql public.{name}" if name else f"postgresql somewhere {pattern}"
    use = Use(key, status, f"{status} here", crud, len(crud))
    return Owned(key, "postgresql", "table", None, name, pattern, name or "unnamed", "src/schema.ts", 3, use)


def _survey(*tables: Owned, **more: object) -> Survey:
    return Survey(tables=tables, **more)  # type: ignore[arg-type]


def _merged(
    surveys: dict[str, Survey],
    repositories: tuple[Repository, ...] = (SHOP, BILL),
    failures: dict[str, str] | None = None,
    **second: tuple[Survey, tuple[str, ...]],
) -> FleetReport:
    return merged(repositories, surveys, second, failures or {}, "1")


def _table(report: FleetReport, name: str) -> FleetTable:
    [found] = [one for one in report.tables if one.name == name]
    return found


def test_a_table_that_another_uses_is_used() -> None:
    use = Use("postgresql public.carts", "used", "sql in src/a.ts:4", "R", 1)
    surveys = {"shop": _survey(_owned("carts"), _owned("wicks")), "bill": _survey()}
    report = _merged(surveys, bill=(Survey(uses=(use,)), ("bill",)))
    carts, wicks = _table(report, "carts"), _table(report, "wicks")
    assert (carts.status, carts.reason, carts.owner, carts.owned_by) == (
        "used",
        "bill: sql in src/a.ts:4",
        "shop",
        "declaration",
    )
    assert (carts.readers, carts.writers, carts.users) == (("bill",), (), ("bill",))
    assert (wicks.status, report.unused) == ("orphaned", (wicks,))


def test_repositories_of_another_database_are_not_meant() -> None:
    use = Use("postgresql public.carts", "used", "sql in src/a.ts:4", "R", 1)
    surveys = {"shop": _survey(_owned("carts")), "port": _survey()}
    report = _merged(surveys, (SHOP, PORT), port=(Survey(uses=(use,)), ("port",)))
    assert _table(report, "carts").status == "orphaned"
    through = _merged(surveys, (SHOP, PORT), port=(Survey(uses=(use,)), ("port", "shop")))
    assert _table(through, "carts").status == "used"  # by a package of the shop's, whose database is meant


def test_the_longest_prefix_that_the_file_gives_owns() -> None:
    shop, bill = Repository("shop", "shop", prefixes=("s_",)), Repository("bill", "bill", prefixes=("s_bill_",))
    surveys = {
        "shop": _survey(_owned("s_bill_rates"), _owned("s_carts"), _owned("tills")),
        "bill": _survey(_owned("tills")),
    }
    report = _merged(surveys, (shop, bill))
    assert [(one.name, one.owner, one.owned_by) for one in report.tables] == [
        ("s_bill_rates", "bill", "prefix"),
        ("s_carts", "shop", "prefix"),
        ("tills", None, None),
    ]
    assert [name for name, *_ in _table(report, "tills").declared] == ["shop", "bill"]


def test_a_creators_prefix_owns_where_several_declare() -> None:
    surveys = {
        "shop": _survey(_owned("s_carts")),
        "bill": _survey(_owned("s_carts", "used", "CR"), ways=Ways(prefixes=("s_",))),
    }
    one = _table(_merged(surveys), "s_carts")
    assert (one.owner, one.owned_by, one.status) == ("bill", "prefix", "used")
    assert one.uses == (("bill", surveys["bill"].tables[0].use),)


def test_what_cannot_be_read_leaves_its_database_open() -> None:
    surveys = {"shop": _survey(_owned("carts"), _owned("tills", "used", "R"), _owned("wicks", "dev-only"))}
    report = _merged(surveys, failures={"bill": "it is no folder"})
    assert [(one.name, one.status) for one in report.tables] == [
        ("carts", "undetermined"),
        ("tills", "used"),
        ("wicks", "undetermined"),
    ]
    assert _table(report, "carts").reason == "bill could not be read: it is no folder"
    assert [(one.repository.name, one.state) for one in report.repositories] == [("shop", "read"), ("bill", "failed")]


def test_what_cannot_be_read_may_use_the_packages_of_others() -> None:
    """It is on another database: it reaches those of the repositories whose packages it imports, or may import."""
    carts, failures = _owned("carts"), {"port": "it is no folder"}

    def status(**surveys: Survey) -> Status:
        return _table(_merged(surveys, (SHOP, PORT), failures), "carts").status

    assert status(shop=_survey(carts)) == "orphaned"
    assert status(shop=_survey(carts, packages=("@shop/db",))) == "undetermined"
    assert status(shop=_survey(carts, packages=("@shop/db",)), port=_survey(asked=("@shop/db",))) == "undetermined"
    assert status(shop=_survey(carts, packages=("@shop/db",)), port=_survey(asked=("react",))) == "orphaned"


def test_what_a_view_or_a_trigger_reaches_is_used_with_it() -> None:
    leads = (
        ("postgresql public.totals", "postgresql public.carts", "view totals"),
        ("postgresql public.carts", "postgresql public.logs", "trigger of carts"),
    )
    surveys = {
        "shop": _survey(_owned("carts"), _owned("logs"), _owned("totals"), ways=Ways(leads=leads)),
        "bill": _survey(),
    }
    use = Use("postgresql public.totals", "used", "sql in src/a.ts:4", "R", 1)
    report = _merged(surveys, bill=(Survey(uses=(use,)), ("bill",)))
    assert [(one.name, one.status) for one in report.tables] == [
        ("carts", "used"),
        ("logs", "used"),
        ("totals", "used"),
    ]
    assert _table(report, "logs").reason == "bill: sql in src/a.ts:4, through view totals, through trigger of carts"


def test_what_is_reached_through_several_repositories_is_used() -> None:
    view = ("postgresql public.totals", "postgresql public.carts", "view totals")
    trigger = ("postgresql public.carts", "postgresql public.logs", "trigger of carts")
    surveys = {
        "shop": _survey(_owned("carts"), _owned("logs"), ways=Ways(leads=(trigger,))),
        "bill": _survey(_owned("totals", "used", "R"), ways=Ways(leads=(view,))),
    }
    assert [(one.name, one.status) for one in _merged(surveys).tables] == [
        ("carts", "used"),
        ("logs", "used"),
        ("totals", "used"),
    ]
    perhaps = {**surveys, "bill": _survey(_owned("totals", "undetermined"), ways=Ways(leads=(view,)))}
    assert {one.status for one in _merged(perhaps).tables} == {"undetermined"}


def test_a_used_table_whose_name_is_not_known_may_be_one_that_seems_unused() -> None:
    surveys = {
        "shop": _survey(_owned("eu_carts"), _owned("tills")),
        "bill": _survey(_owned(None, "used", "R", "${REGION}_carts")),
    }
    report = _merged(surveys)
    assert _table(report, "eu_carts").status == "undetermined"
    assert _table(report, "eu_carts").reason == "bill: unnamed may be the same table (src/schema.ts:3)"
    assert _table(report, "tills").status == "orphaned"
    idle = _merged({**surveys, "bill": _survey(_owned(None, "orphaned", "", "${REGION}_carts"))})
    assert _table(idle, "eu_carts").status == "orphaned"


def test_a_repository_is_asked_for_the_names_of_the_others_on_its_database() -> None:
    routines = (("tally", ("postgresql public.carts",)),)
    surveys = {
        "shop": _survey(_owned("carts"), _owned("tills"), ways=Ways(routines=routines), packages=("@acme/shop",)),
        "bill": _survey(_owned("tills"), asked=("react", "zod")),
        "port": _survey(_owned("berths"), asked=("@acme/shop",)),
    }
    tasks = dict(asked((SHOP, BILL, PORT), surveys))
    assert set(tasks) == {"bill", "port"}
    assert [table.name for table in tasks["bill"].elsewhere.tables] == ["carts"]
    assert tasks["bill"].elsewhere.routines == routines
    assert (tasks["port"].roots, tasks["port"].elsewhere) == ((("port", "port"), ("shop", "shop")), Elsewhere())
