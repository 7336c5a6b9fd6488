"""requirements.lock -> a software bill of materials: CycloneDX in JSON, the same bytes for the same lock file."""

from __future__ import annotations

import json
import re
from typing import Any

from hkresearch.core.article import HkresearchError

SBOM = "sbom.cdx.json"
PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?\Z")
HASHED = re.compile(r"--hash=sha256:([0-9a-f]{64})\s*\\?\Z")


def write_sbom(lock: str) -> bytes:
    """Return the bill of materials of a lock file; a line that pins nothing raises HkresearchError with its number."""
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "hkresearch", "name": "hkresearch"}
        },
        "components": read_components(lock),
    }
    return (json.dumps(bill, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_components(lock: str) -> list[dict[str, Any]]:
    """Return a component per pinned package, by name and version: package URL, hashes, where it is installed."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(map(str.strip, lock.splitlines()), 1):
        if pinned := PINNED.match(line):
            found.append(_describe(*pinned.groups()))
        elif (hashed := HASHED.match(line)) and found:
            found[-1]["externalReferences"][0]["hashes"].append(
                {"alg": "SHA-256", "content": hashed.group(1)}
            )
        elif line and not line.startswith("#"):
            raise HkresearchError(
                f"requirements.lock, line {number}: {line[:60]!r} pins no package. Type: make lock"
            )
    return sorted(found, key=lambda component: component["bom-ref"])


def _describe(name: str, version: str, marker: str | None) -> dict[str, Any]:
    name = re.sub(r"[-_.]+", "-", name).lower()
    address = f"pkg:pypi/{name}@{version}"
    # One package has many files, one per platform: their hashes belong to the distributions, not to the component.
    files: list[dict[str, str]] = []
    described: dict[str, Any] = {
        "type": "library", "bom-ref": address + (f"#{marker}" if marker else ""), "name": name, "version": version,
        "purl": address, "externalReferences": [{"type": "distribution", "url": address, "hashes": files}],
    }  # fmt: skip
    if marker:
        described["properties"] = [{"name": "hkresearch:marker", "value": marker}]
    return described
