"""`NamedTuple` and `Protocol` as of `typing`, without its import, which takes longer than to judge a chart.

A module that uses it has `from __future__ import annotations`, since nothing may evaluate the types of its fields.
What only a type checker needs of `typing` is imported under TYPE_CHECKING. The gate has typing's own.
"""

from __future__ import annotations

from operator import itemgetter

FEW = 50  # objects of a class
TYPE_CHECKING = False  # type checkers take a constant of this name for true
if TYPE_CHECKING:
    from typing import NamedTuple, Protocol
else:

    def _constructor(fields, defaults):
        """What `typing` makes for every class: five times as fast, and it takes a hundred calls to pay."""
        names = ", ".join(fields)
        new = eval(f"lambda _cls, {names}: _new(_cls, ({names},))", {"_new": tuple.__new__})  # noqa: S307  # our own
        new.__defaults__ = tuple(defaults.values())
        return new

    class _Record(tuple):
        """What all named tuples have."""

        __slots__ = ()

        def __new__(cls, *given, **named):
            """Make one. Raises TypeError for too many values, too few, and unknown names."""
            cls._made += 1
            if cls._made > FEW:
                cls.__new__ = _constructor(cls._fields, cls._field_defaults)
                return cls.__new__(cls, *given, **named)
            rest = cls._fields[len(given) :]
            values = {**cls._field_defaults, **named}
            if len(given) > len(cls._fields) or not named.keys() <= set(rest) <= values.keys():
                raise TypeError(f"{cls.__name__} has the fields {cls._fields}; {len(given)} and {[*named]} are given")
            return tuple.__new__(cls, (*given, *map(values.__getitem__, rest)))

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            fields = zip(self._fields, self, strict=True)
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

        def _replace(self, **changed):
            replaced = tuple.__new__(type(self), map(changed.pop, self._fields, self))
            if changed:
                raise TypeError(f"{type(self).__name__} has no fields {[*changed]}")
            return replaced

    class _Maker(type):
        """Makes a named tuple of a class body, whose annotations are the fields."""

        def __new__(cls, name, bases, space):
            if not bases:
                return super().__new__(cls, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            space["_field_defaults"] = {field: space[field] for field in fields if field in space}
            space.update((field, property(itemgetter(at))) for at, field in enumerate(fields))
            return type(
                name, (_Record,), {**space, "_fields": fields, "__match_args__": fields, "__slots__": (), "_made": 0}
            )

    class NamedTuple(metaclass=_Maker):
        """A base for classes of annotated fields, those with a default last."""

    class Protocol:
        """A base for classes that say what others have."""


__all__ = ["TYPE_CHECKING", "NamedTuple", "Protocol"]
