"""What can go wrong, as one small tree.

    ContradictError
    ├── InputError    a document, a table of pairs or a report could not be used
    └── ModelError    a model could not be found, trusted or understood

Every message says what is wrong, what was wanted, what came, and what to do about it.
"""

from collections.abc import Iterable


class ContradictError(Exception):
    """Base of every error this library raises on purpose."""


class InputError(ContradictError):
    """A document, a table of pairs or a report could not be read or made sense of."""


class ModelError(ContradictError):
    """A model could not be found, is not safe to load, or is not an NLI model."""


def some_of(names: Iterable[str], most: int = 3) -> str:
    """The first of many names, for a message, and how many more there are."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
