"""What can go wrong, as one small tree.

    ContradictError
    ├── InputError    a document, a table of pairs or a report could not be used
    └── ModelError    a model could not be found, trusted or understood

Every message says what is wrong, what was wanted, what came, and what to do about it.
"""


class ContradictError(Exception):
    """Base of every error this library raises on purpose."""


class InputError(ContradictError):
    """A document, a table of pairs or a report could not be read or made sense of."""


class ModelError(ContradictError):
    """A model could not be found, is not safe to load, or is not an NLI model."""
