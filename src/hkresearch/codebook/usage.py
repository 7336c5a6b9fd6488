"""A codebook and what was coded with it -> codes never used, speakers that are not in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation


def find_unused_codes(codebook: Codebook, annotations: Iterable[Annotation]) -> list[str]:
    """Return the codes ("variable/code") and companies ("entities/id") that were never used."""
    used: set[tuple[str, str]] = set()
    mentioned: set[str] = set()
    for annotation in annotations:
        used.add((annotation.variable, annotation.code))
        mentioned |= {annotation.subject, annotation.code}
    unused = []
    for id, variable in codebook.variables.items():
        codes = variable.get("codes", {})
        unused += [f"{id}/{code}" for code in codes if (id, code) not in used]
    for id, entity in codebook.entities.items():
        if entity.get("kind") == "company" and id not in mentioned:
            unused.append(f"entities/{id}")
    return unused


def find_unknown_speakers(
    codebook: Codebook, annotations: Iterable[Annotation]
) -> list[tuple[str, int]]:
    """Return (speaker, number of quotations) of those whom no entity of the codebook stands for.

    The most quoted come first.
    """
    with_organisation: set[str] = set()
    speakers: dict[str, str] = {}  # quotation -> its speaker
    for annotation in annotations:
        if annotation.variable == "organisation":
            with_organisation.add(annotation.subject)
        elif annotation.variable == "speaker" and annotation.code:
            speakers[annotation.subject] = annotation.code
    unknown = [name for quotation, name in speakers.items() if quotation not in with_organisation]
    return sorted(Counter(unknown).items(), key=lambda item: (-item[1], item[0]))
