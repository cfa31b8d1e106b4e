"""Names of packages, and those that come with the platform."""

from __future__ import annotations

import re

BUILT_IN = frozenset(
    """
    assert async_hooks buffer bun child_process cluster console crypto dns domain events fs http http2 https inspector module net os
    path perf_hooks process punycode querystring readline stream string_decoder timers tls tty url util v8 vm wasi worker_threads zlib
    """.split()  # noqa: SIM905
)
_STORE = re.compile(r"clickhouse|duckdb|bigquery|snowflake|tinybird|timestream|athena", re.I)


def is_built_in(specifier: str) -> bool:
    """Whether a module comes with the platform."""
    return specifier.startswith("node:") or package_name(specifier) in BUILT_IN


def package_name(specifier: str) -> str:
    """Return the package that a specifier is of.

    >>> package_name("@scope/db/schema"), package_name("zod/v4")
    ('@scope/db', 'zod')
    """
    parts = specifier.split("/")
    return "/".join(parts[:2]) if specifier.startswith("@") else parts[0]


def is_of_another_store(name: str) -> bool:
    """Whether a module, or a file, is called like a store of another kind, whose tables are none of Drizzle's.

    >>> is_of_another_store("@clickhouse/client"), is_of_another_store("pg")
    (True, False)
    """
    return _STORE.search(name) is not None
