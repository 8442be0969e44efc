"""A dictionary of which a copy costs little: most of it is shared between the copies and never changed, the newest part is each one's own.

A state is forked for every transaction (:meth:`.state.State.fork`), and of a record with ten thousand endorsements a transaction changes
a handful of places. The order is that of a ``dict``: a key that gets another value keeps its place, one that was deleted and comes again
stands last.

>>> first = Layers({"az": 1, "kz": 2})
>>> second = copy(first)
>>> second["az"], second["tr"] = 3, 4
>>> dict(first), dict(second)
({'az': 1, 'kz': 2}, {'az': 3, 'kz': 2, 'tr': 4})
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, MutableMapping, ValuesView
from copy import copy
from itertools import chain
from math import isqrt
from typing import Any, Generic, TypeVar

__all__ = ["Layers", "copy"]

K = TypeVar("K")
V = TypeVar("V")

FEWEST = 128
"""Changes that are kept apart from what is shared, at least; of a larger dictionary, twice the root of its length."""


class Layers(MutableMapping[K, V], Generic[K, V]):
    """See the module.

    :param shared: from now on nobody's to change.
    """

    __slots__ = ("_changed", "_gone", "_most", "_new", "_shared")

    def __init__(self, shared: Mapping[K, V] | None = None) -> None:
        self._shared: Mapping[K, V] = shared if shared is not None else {}
        self._new: dict[K, V] = {}
        self._changed: dict[K, V] = {}
        self._gone: set[object] = set()  # of the shared ones
        self._most = max(FEWEST, 2 * isqrt(len(self._shared)))

    def __copy__(self) -> Layers[K, V]:
        twin: Layers[K, V] = Layers.__new__(Layers)
        twin._shared, twin._new, twin._changed = self._shared, self._new.copy(), self._changed.copy()
        twin._gone, twin._most = self._gone.copy(), self._most
        return twin

    def __getitem__(self, key: K) -> V:
        if key in self._new:
            return self._new[key]
        if key in self._changed:
            return self._changed[key]
        if key in self._gone:
            raise KeyError(key)
        return self._shared[key]

    def get(self, key: K, default: Any = None) -> Any:
        """The value, or ``default``."""
        if key in self._new:
            return self._new[key]
        if key in self._changed:
            return self._changed[key]
        return default if key in self._gone else self._shared.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._new or (key in self._shared and key not in self._gone)

    def __setitem__(self, key: K, value: V) -> None:
        if key in self._shared and key not in self._gone:
            self._changed[key] = value
        else:
            self._new[key] = value
        if len(self._new) + len(self._changed) + len(self._gone) > self._most:
            self._settle()

    def __delitem__(self, key: K) -> None:
        if key in self._new:
            del self._new[key]
        elif key in self:
            self._changed.pop(key, None)
            self._gone.add(key)
        else:
            raise KeyError(key)

    def __len__(self) -> int:
        return len(self._shared) + len(self._new) - len(self._gone)

    def __iter__(self) -> Iterator[K]:
        if not self._gone:
            return chain(self._shared, self._new)
        return chain((key for key in self._shared if key not in self._gone), self._new)

    def values(self) -> ValuesView[V]:
        """The values, in the order of their keys."""
        return _Values(self)

    def items(self) -> ItemsView[K, V]:
        """Keys and values."""
        return _Items(self)

    def _each(self, of: Callable[[Mapping[K, V]], Iterator[Any]], changed: Callable[[K, V], Any]) -> Iterator[Any]:
        if not self._changed and not self._gone:
            return chain(of(self._shared), of(self._new))
        mine = self._changed
        kept = (changed(key, mine.get(key, value)) for key, value in self._shared.items() if key not in self._gone)
        return chain(kept, of(self._new))

    def _settle(self) -> None:
        self._shared = dict(self.items())
        self._new, self._changed, self._gone = {}, {}, set()
        self._most = max(FEWEST, 2 * isqrt(len(self._shared)))

    def __repr__(self) -> str:
        return f"Layers({dict(self.items())!r})"


class _Values(ValuesView[V]):
    _mapping: Layers[Any, V]

    def __iter__(self) -> Iterator[V]:
        return self._mapping._each(lambda part: iter(part.values()), lambda _, value: value)


class _Items(ItemsView[K, V]):
    _mapping: Layers[K, V]

    def __iter__(self) -> Iterator[tuple[K, V]]:
        return self._mapping._each(lambda part: iter(part.items()), lambda key, value: (key, value))
