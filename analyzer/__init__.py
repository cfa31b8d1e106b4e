"""tabletrace: which database tables a Drizzle ORM code base uses, from where, and which are orphaned."""

__all__: list[str] = []
