# Everything that has to pass
check: test lint

test:
    pytest

lint:
    ruff check .
    ruff format --check .
    mypy
    lint-imports --no-cache

# Documents made from the program: docs/queries.md, the output blocks of README and docs
docs:
    python -m tests.documentation

queries:
    pytest tests/test_queries.py

# Golden reports of the bundled example: read the difference before you commit it
snapshots:
    pytest tests/test_golden.py tests/app/test_drift_golden.py --update-golden

bench FOLDER:
    python benchmarks/speed.py {{FOLDER}}
