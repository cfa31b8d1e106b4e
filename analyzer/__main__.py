"""`python -m analyzer` is `tabletrace`."""

from analyzer.cli import program

if __name__ == "__main__":
    program()
