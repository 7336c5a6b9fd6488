"""requirements.lock -> a software bill of materials (CycloneDX); same lock file, same bytes."""

from __future__ import annotations

import json
import re
from typing import Any

from hkresearch.core.article import HkresearchError

SBOM = "sbom.cdx.json"
_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?\Z")
_HASHED = re.compile(r"--hash=sha256:([0-9a-f]{64})\s*\\?\Z")


def write_sbom(lock: str) -> bytes:
    """Return the bill of materials of a lock file.

    Raises HkresearchError with the number of a line that pins nothing.
    """
    application = {"type": "application", "bom-ref": "hkresearch", "name": "hkresearch"}
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": application},
        "components": _read_components(lock),
    }
    return (json.dumps(bill, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _read_components(lock: str) -> list[dict[str, Any]]:
    """Return a component per pinned package, sorted: its address, hashes and condition."""
    components: list[dict[str, Any]] = []
    for number, line in enumerate(map(str.strip, lock.splitlines()), 1):
        pinned, hashed = _PINNED.match(line), _HASHED.match(line)
        if pinned:
            components.append(_describe(*pinned.groups()))
        elif hashed and components:
            distribution = components[-1]["externalReferences"][0]
            distribution["hashes"].append({"alg": "SHA-256", "content": hashed.group(1)})
        elif line and not line.startswith("#"):
            raise HkresearchError(
                f"requirements.lock, line {number}: {line[:60]!r} pins no package. Type: make lock"
            )
    return sorted(components, key=lambda component: str(component["bom-ref"]))


def _describe(name: str, version: str, marker: str | None) -> dict[str, Any]:
    name = re.sub(r"[-_.]+", "-", name).lower()
    address = f"pkg:pypi/{name}@{version}"
    # A package has one file per platform: the hashes are the distributions', not the component's.
    hashes: list[dict[str, str]] = []
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"{address}#{marker}" if marker else address,
        "name": name,
        "version": version,
        "purl": address,
        "externalReferences": [{"type": "distribution", "url": address, "hashes": hashes}],
    }
    if marker:
        component["properties"] = [{"name": "hkresearch:marker", "value": marker}]
    return component
