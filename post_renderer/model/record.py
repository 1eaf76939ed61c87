"""`NamedTuple` and `Protocol` as of `typing`, without its import, which takes longer than to judge a chart.

A module that uses it has `from __future__ import annotations`, since nothing may evaluate the types of its fields.
What only a type checker needs of `typing` is imported under TYPE_CHECKING. The gate has typing's own.
"""

from __future__ import annotations

from operator import itemgetter

TYPE_CHECKING = False  # type checkers take a constant of this name for true
if TYPE_CHECKING:
    from typing import NamedTuple, Protocol
else:

    class _Record(tuple):
        """What all named tuples have."""

        __slots__ = ()

        def __new__(cls, *given, **named):
            if named or len(given) != len(cls._fields):
                given = cls._complete(given, named)
            return tuple.__new__(cls, given)

        @classmethod
        def _complete(cls, given, named):
            """The values of all fields. Raises TypeError for too many, too few, and unknown names."""
            rest = cls._fields[len(given) :]
            values = {**cls._field_defaults, **named}
            if len(given) > len(cls._fields) or not set(named) <= set(rest) <= set(values):
                raise TypeError(f"{cls.__name__} has the fields {cls._fields}; {len(given)} and {[*named]} are given")
            return (*given, *[values[field] for field in rest])

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            fields = zip(self._fields, self, strict=True)
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

        def _replace(self, **changed):
            return type(self)(**{**dict(zip(self._fields, self, strict=True)), **changed})

    class _Maker(type):
        """Makes a named tuple of a class body, whose annotations are the fields."""

        def __new__(cls, name, bases, space):
            if not bases:
                return super().__new__(cls, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            space["_field_defaults"] = {field: space[field] for field in fields if field in space}
            space.update((field, property(itemgetter(at))) for at, field in enumerate(fields))
            return type(name, (_Record,), {**space, "_fields": fields, "__match_args__": fields, "__slots__": ()})

    class NamedTuple(metaclass=_Maker):
        """A base for classes of annotated fields, those with a default last."""

    class Protocol:
        """A base for classes that say what others have."""


__all__ = ["TYPE_CHECKING", "NamedTuple", "Protocol"]
