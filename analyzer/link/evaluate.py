"""An expression becomes a value: names are followed through scopes, imports, barrels, members and calls.

This is no interpreter of TypeScript. It follows what can carry a table: constants, objects, spreads, destructuring,
functions of one expression. Whatever else there is becomes `Unknown`, which is contagious but never fatal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzer.link import library
from analyzer.link.combine import union
from analyzer.link.composed import Composed, flat
from analyzer.link.relevance import Relevance
from analyzer.link.values import (
    BUSY,
    EMPTY,
    NOTHING,
    Builder,
    Builders,
    ClassRef,
    Client,
    Closure,
    ColumnRef,
    Constant,
    Deferred,
    Derived,
    Environment,
    Library,
    Method,
    Namespace,
    Record,
    RelationsMap,
    SchemaRef,
    Sequence,
    Sql,
    TableRef,
    Union,
    Unknown,
    Unread,
    Value,
)
from analyzer.model import (
    Array,
    Binding,
    Call,
    Choice,
    Class,
    Expression,
    Function,
    Given,
    Import,
    IndexExpression,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Rest,
    Site,
    Spread,
    Tagged,
    Template,
)

if TYPE_CHECKING:
    from analyzer.link.autos import Autos
    from analyzer.link.library import Declared
    from analyzer.link.modules import Modules
    from analyzer.link.partial import Exporter, Load
    from analyzer.link.world import Unit

_DEPTH = 80
_NESTED = 8  # functions called within functions
_FUEL = 1000  # calls for one outermost call: what needs more declares no table


class Evaluator(Composed):
    """Evaluates expressions of a project, and keeps the declarations that it meets."""

    def __init__(
        self,
        units: dict[str, Unit],
        modules: Modules,
        autos: Autos,
        relevance: Relevance | None = None,
        load: Load = lambda path: None,
        exporter: Exporter = lambda path, name: path,
        *,
        opens_clients: bool = True,
    ) -> None:
        super().__init__(units, modules, autos, relevance, load, exporter, opens_clients=opens_clients)
        self.declared: dict[str, Declared] = {}
        self.made: dict[tuple[str, Site], list[str]] = {}
        self.clients: list[Client] = []
        self.existing: set[str] = set()
        self._bindings: dict[tuple[str, str], Value] = {}
        self._settled = False
        self._depth = 0
        self._running: dict[int, int] = {}  # the functions that are being run, with the open question of each
        self._start = 0
        self._fuel = _FUEL
        self.held: dict[tuple[int, int], tuple[Value, tuple[str, ...]]] = {}

    def settle(self) -> None:
        """Say that every declaration is known: what was unknown before may be one of them, made by a function."""
        self._settled = True
        for known in (self._bindings, self._exports):
            _forget_unknown(known)
        _forget_unknown(self._resolved)

    def binding(self, path: str, id: str, environment: Environment = EMPTY) -> Value:
        """Return what a name of a file stands for."""
        if id in environment.bound:
            return environment.bound[id]
        key, local = (path, id), bool(environment.bound) and "@" in id
        value = self._bindings.get(key) if not local else None
        if value is not None and value is not BUSY:
            return value
        found = self.units[path].meant.get(id)
        if found is None:
            return self.imported(path, id)
        known = environment.known if local else self._bindings
        return self.memory.once(known, key, lambda: self._afresh(path, found, environment if local else EMPTY))

    def _afresh(self, path: str, binding: Binding, environment: Environment) -> Value:
        """Evaluate a binding with bounds of its own where it is the module's, so that it does not matter who asks first."""
        if environment.bound:
            return self._bound(path, binding, environment)
        running, fuel, self._running, self._fuel = self._running, self._fuel, {}, _FUEL
        eager, self._eager = self._eager, 0
        start, self._start = self._start, self.memory.depth - 1
        try:
            return self._bound(path, binding, environment)
        finally:
            self._running, self._fuel, self._eager, self._start = running, fuel, eager, start

    def _bound(self, path: str, binding: Binding, environment: Environment) -> Value:
        caller = self.owner if environment.bound else None
        id = f"{binding.id}<{caller.file}:{caller.id}>" if caller is not None else binding.id
        owner = library.Owner(path, binding.id.partition("@")[0], id, binding.line, binding.end_line)
        value: Value = NOTHING
        if binding.value is not None:
            value = self.owned(owner, binding.value, path, environment)
        if isinstance(value, Unknown) and binding.annotation is not None:
            typed = self.evaluate(binding.annotation, path, environment)
            value = value if isinstance(typed, Library) else typed
        return value

    def owned(self, owner: library.Owner, expression: Expression, path: str, environment: Environment) -> Value:
        """Evaluate what an owner's declaration says: a table made in it is the owner's."""
        self._owners.append(owner)
        try:
            return self.evaluate(expression, path, environment)
        finally:
            self._owners.pop()

    def unowned(self, expression: Expression, path: str, environment: Environment) -> Value:
        """Evaluate what declares nothing: a table made in it is another handle to one that is declared elsewhere."""
        return self.owned(library.Owner(path, "", library.UNOWNED, 0, 0), expression, path, environment)

    @property
    def owner(self) -> library.Owner | None:
        """The declaration that is being evaluated."""
        return self._owners[-1] if self._owners else None

    def evaluate(self, expression: Expression, path: str, environment: Environment = EMPTY) -> Value:
        """Return what an expression of a file stands for."""
        if isinstance(expression, Literal):
            return Constant(expression.value)
        if self._depth > _DEPTH:
            self.memory.lean(0)
            return Unknown("it is nested too deeply")
        self._depth += 1
        try:
            if isinstance(expression, Name):
                return self.binding(path, expression.id, environment)
            if isinstance(expression, Member):
                return self.member(self.evaluate(expression.object, path, environment), expression.property)
            return self._evaluate(expression, path, environment)
        finally:
            self._depth -= 1

    def _evaluate(self, expression: Expression, path: str, environment: Environment) -> Value:
        """Evaluate what is neither a literal, a name nor a member: these are most, and are told apart first."""
        match expression:
            case Call():
                return self.call(expression, path, environment)
            case Object():
                return self.object(expression, path, environment)
            case Function():
                return Closure(expression, path, environment)
            case Template(parts):
                return self.together(expression, parts, path, environment)
            case Choice():
                return self.together(expression, expression.options, path, environment)
            case Given(inner, steps):
                return self._given(self.evaluate(inner, path, environment), steps)
            case Array():
                return self.array(expression, path, environment)
            case IndexExpression():
                return self.element(expression, path, environment)
            case Import(specifier):
                return self.exported(specifier, "*", path)
            case Rest():
                return self.without(expression, path, environment)
            case Tagged(tag, parts):
                return self._tagged(self.evaluate(tag, path, environment), parts, path, environment)
            case Class():
                return ClassRef(expression, path)
            case Spread(inner):
                return self.evaluate(inner, path, environment)
            case Opaque(kind):
                return Unknown(kind)
            case Literal() | Name() | Member():
                return self.evaluate(expression, path, environment)

    def _given(self, callee: Value, steps: tuple[int | str, ...]) -> Value:
        """Return what a function hands to its callback, by the types of its parameters."""
        value = callee
        for step in steps:
            if isinstance(step, str):
                value = self.member(value, step)
                continue
            if not isinstance(value, Closure) or step >= len(value.function.parameters):
                return NOTHING
            annotation = value.function.parameters[step].annotation
            value = self.evaluate(annotation, value.file) if annotation is not None else NOTHING
        return value

    def _tagged(self, tag: Value, parts: tuple[Expression, ...], path: str, environment: Environment) -> Value:
        if isinstance(tag, Library) and tag.exported == "sql":
            told = (
                str(part.value) if isinstance(part, Literal) else self.evaluate(part, path, environment)
                for part in parts
            )
            return Sql(tuple(told))
        return NOTHING

    def member(self, value: Value, name: str) -> Value:
        """Return `value.name`."""
        match value:
            case Namespace(path):
                return self.export(path, name)
            case Record(entries):
                return entries.get(name, NOTHING if value.open else Constant(None))
            case Library(source, exported, steps):
                if exported == "*" and not steps:
                    return Library(source, name)
                return Library(source, exported, (*steps, name))
            case Client() if name == "_":
                return Record({"fullSchema": value.schema, "schema": value.schema})
            case Constant(value=None):
                return value
            case TableRef(id):
                return Method(value, name) if name in library.TABLE_METHODS else ColumnRef(id, name)
            case Union(options, how):
                return union([self.member(option, name) for option in options], how)
            case ClassRef(declaration, path):
                entry = next((entry for entry in declaration.entries if entry.key == name), None)
                if entry is None and declaration.extends is not None:
                    return self.member(self.evaluate(declaration.extends, path), name)
                return self.evaluate(entry.value, path) if entry is not None else NOTHING
            case (
                Constant()
                | Sequence()
                | SchemaRef()
                | Builders()
                | Builder()
                | Sql()
                | Client()
                | RelationsMap()
                | Derived()
            ):
                return Method(value, name)
            case Method(owner, "query" | "_query"):
                return self._queried(owner, name)
            case Unknown() if name in {"query", "_query"}:
                return Method(value, name)
            case Unread() | Deferred():
                return self.later(value, name)
            case ColumnRef() if name in library.COLUMN_METHODS:
                return Method(value, name)
            case Unknown():
                return value
            case _:
                return Unknown(f"member {name!r}")

    def _queried(self, owner: Value, key: str) -> Value:
        """Return `db.query.key`: a table of the client's schema, or of any client's where it is not known which."""
        clients = [owner] if isinstance(owner, Client) else self.clients
        how = "query" if isinstance(owner, Client) else "query?"
        records = [record for client in clients if (record := self.record(client.schema))]
        parts = [record.entries[key] for record in records if key in record.entries]
        flat = [option for part in parts for option in (part.options if isinstance(part, Union) else (part,))]
        return union(TableRef(option.id, how) for option in flat if isinstance(option, TableRef))

    def call(self, call: Call, path: str, environment: Environment) -> Value:
        """Return what a call gives."""
        callee = self.evaluate(call.callee, path, environment)
        return self.apply(callee, call, path, environment)

    def apply(self, callee: Value, call: Call, path: str, environment: Environment) -> Value:
        """Return what calling a known value gives."""
        match callee:
            case Closure():
                given = self.arguments(call, path, environment)
                if not self._eager and not self._concerns(callee, given):
                    return Deferred(expression=call, path=path, environment=environment)
                return self.run(callee, given, always=self._eager > 0)
            case Union(options, how):
                dispatched = all(isinstance(option, Closure) for option in options)
                how = "" if dispatched else how
                return union([self.apply(option, call, path, environment) for option in options], how)
            case ClassRef():
                return callee if call.new else NOTHING
            case Unknown() if self._settled and (path, call.site) in self.made:
                return union([TableRef(id) for id in self.made[path, call.site]])
            case Unread() | Deferred():
                given = self.arguments(call, path, environment)
                if not self._eager and not any(self.can_give(value) for value in given):
                    return Deferred(expression=call, path=path, environment=environment)
                return self.apply(self.sure(callee), call, path, environment)
            case Unknown():
                return callee
            case _ if library.hands_on(callee) and self.waits(self.arguments(call, path, environment)):
                return Deferred(expression=call, path=path, environment=environment)
            case _ if library.is_known(callee):
                with self.eager():
                    return library.call(self, callee, call, path, environment)
            case _:
                return library.call(self, callee, call, path, environment)

    def arguments(self, call: Call, path: str, environment: Environment) -> list[Value]:
        """Return the values of a call's arguments."""
        values = [self.evaluate(one, path, environment) for one in call.arguments]
        return flat(call.arguments, [self.sure(value) for value in values] if self._eager else values)

    def _is_material(self, value: Value) -> bool:
        """Whether an argument is something that a function may make a table or a name of."""
        return self.carries(value) or (isinstance(value, Constant) and isinstance(value.value, str))

    def _concerns(self, closure: Closure, arguments: list[Value]) -> bool:
        """Whether a function may have to do with tables: by what it returns, or by what it is given."""
        return self.relevance.of(closure.function, closure.file) or any(map(self._is_material, arguments))

    def run(self, closure: Closure, arguments: list[Value], *, always: bool = False) -> Value:
        """Return what a function gives for some arguments: its one known result, or all of them.

        Unless `always`, a function that has nothing to do with tables is not looked into.
        """
        function = closure.function
        bound: dict[str, Value] = {}
        if not always and not self._concerns(closure, arguments):
            return NOTHING
        if id(function) in self._running or len(self._running) >= _NESTED or self._fuel <= 0:
            self.memory.lean(self._running.get(id(function), self._start))
            return BUSY
        for index, parameter in enumerate(function.parameters):
            if parameter.rest:
                bound[parameter.id] = Sequence(tuple(arguments[index:]))
                continue
            value: Value = arguments[index] if index < len(arguments) else Constant(None)
            if value == Constant(None) and parameter.default is not None:
                value = self.evaluate(parameter.default, closure.file, closure.environment)
            bound[parameter.id] = value
        inner = closure.environment.with_(bound)
        self._fuel -= 1
        self._running[id(function)] = max(self.memory.depth - 1, 0)
        try:
            results = [self.evaluate(result, closure.file, inner) for result in function.returns]
        finally:
            del self._running[id(function)]
            self._fuel = self._fuel if self._running else _FUEL
        if self.waits(results, results):
            return Deferred(expression=Choice(function.returns, "|"), path=closure.file, environment=inner)
        results = [self.sure(result) for result in results] if self._eager else results
        known = [result for result in results if not isinstance(result, Unknown) and result != Constant(None)]
        return union(known) if known else (results[0] if results else NOTHING)


def _forget_unknown(known: dict[Any, Value]) -> None:
    for key in [key for key, value in known.items() if isinstance(value, Unknown)]:
        del known[key]
