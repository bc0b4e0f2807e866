"""The facts as one read-only book, loaded once, found by id or alias."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from vidcost_xl.facts.schema import (
    Corpus,
    Generator,
    LanguageModel,
    Quantity,
    Row,
    TextCorpus,
    TextEncoder,
    Vae,
)
from vidcost_xl.names import Named, find_name

R = TypeVar("R", bound=Row)


class Shelf(Mapping[str, R], Generic[R]):
    """The rows of one kind by id, read-only and in the order of the file; `find` knows aliases too.

    Parameters
    ----------
    what : str
        The kind, as a user would call it: "VAE", "text encoder".
    rows : iterable of Row
        With distinct ids and aliases.

    Raises
    ------
    ValueError
        For an id or alias used twice.
    """

    def __init__(self, what: str, rows: tuple[R, ...]) -> None:
        by_id: dict[str, R] = {}
        by_name: dict[str, R] = {}
        for row in rows:
            by_id[row.id] = row
            for name in (row.id, *row.aliases):
                if by_name.setdefault(_folded(name), row) is not row or row.aliases.count(name) > 1:
                    raise ValueError(f"{what} {name!r} is declared twice")
        self.what = what
        self._by_id = MappingProxyType(by_id)
        self._by_name = MappingProxyType(by_name)

    def __getitem__(self, key: str) -> R:
        return self._by_id[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, name: str) -> R:
        """The row called `name`.

        Parameters
        ----------
        name : str
            An id, an alias or a label; case, spaces and hyphens do not matter.

        Raises
        ------
        NotInBookError
            For an unknown name; names the nearest ids.
        """
        row = self._by_name.get(_folded(name))
        if row is None:
            rows = [Named(each.id, (each.label, *each.aliases)) for each in self._by_id.values()]
            return self._by_id[find_name(self.what, str(name), rows, whole=True)]
        return row


@dataclass(frozen=True, slots=True)
class FactBook:
    """Every fact by kind: one shelf, and one look-up by id or alias, for each.

    Each look-up takes a name, whose case and surrounding spaces do not matter, and raises
    NotInBookError with the nearest ids for an unknown one.
    """

    vaes: Shelf[Vae]
    text_encoders: Shelf[TextEncoder]
    corpora: Shelf[Corpus]
    text_corpora: Shelf[TextCorpus]
    generators: Shelf[Generator]
    language_models: Shelf[LanguageModel]
    acceptance_facts: Shelf[Quantity]
    practice_facts: Shelf[Quantity]
    own_infra_facts: Shelf[Quantity]

    def vae(self, name: str) -> Vae:
        """The video autoencoder called `name`."""
        return self.vaes.find(name)

    def text_encoder(self, name: str) -> TextEncoder:
        """The text encoder called `name`."""
        return self.text_encoders.find(name)

    def corpus(self, name: str) -> Corpus:
        """The video data set called `name`."""
        return self.corpora.find(name)

    def text_corpus(self, name: str) -> TextCorpus:
        """The text data set called `name`."""
        return self.text_corpora.find(name)

    def generator(self, name: str) -> Generator:
        """The video generator called `name`."""
        return self.generators.find(name)

    def language_model(self, name: str) -> LanguageModel:
        """The language model called `name`."""
        return self.language_models.find(name)

    def acceptance(self, name: str) -> Quantity:
        """The figure on how much of what is generated is used."""
        return self.acceptance_facts.find(name)

    def practice(self, name: str) -> Quantity:
        """The figure on how others train and move video."""
        return self.practice_facts.find(name)

    def own_infra(self, name: str) -> Quantity:
        """The figure on a data centre that others built."""
        return self.own_infra_facts.find(name)


@lru_cache(maxsize=1)
def fact_book() -> FactBook:
    """The facts that come with the package, read on the first call.

    Returns
    -------
    FactBook
        The same object every time.

    Examples
    --------
    >>> fact_book().vae(" WAN2.2-A14B ").id
    'wan2.1'
    """
    return FactBook(
        vaes=_shelf("VAE", "vaes", "vae", Vae),
        text_encoders=_shelf("text encoder", "text_encoders", "text_encoder", TextEncoder),
        corpora=_shelf("video data set", "corpora", "corpus", Corpus),
        text_corpora=_shelf("text data set", "text_corpora", "text_corpus", TextCorpus),
        generators=_shelf("generator", "generators", "generator", Generator),
        language_models=_shelf("language model", "language_models", "language_model", LanguageModel),
        acceptance_facts=_shelf("acceptance fact", "acceptance", "acceptance", Quantity),
        practice_facts=_shelf("practice fact", "practice", "practice", Quantity),
        own_infra_facts=_shelf("own infrastructure fact", "own_infra", "own_infra", Quantity),
    )


def _shelf(what: str, file: str, table: str, model: type[R]) -> Shelf[R]:
    text = files("vidcost_xl.facts").joinpath("data", f"{file}.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    if set(document) != {table}:
        raise ValueError(f"{file}.toml holds {sorted(document)}; it may hold only [[{table}]]")
    rows: tuple[R, ...] = TypeAdapter(tuple[model, ...]).validate_python(document[table])  # type: ignore[valid-type]
    return Shelf(what, rows)


def _folded(name: str) -> str:
    return str(name).strip().casefold()
