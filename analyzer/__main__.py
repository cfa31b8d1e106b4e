"""`python -m analyzer` is `tabletrace`."""

from analyzer.cli import main

if __name__ == "__main__":
    main()
