"""The bill of materials: every pinned package with its version and hashes, and nothing that differs between two runs."""

import json
import re

import pytest

from hkresearch.bundle.sbom import SBOM, write_sbom
from hkresearch.core.article import HkresearchError
from support.paths import NOTEBOOKS, ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def test_every_pinned_package_is_listed_with_all_its_hashes():
    bill = json.loads(write_sbom(LOCK))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    components = bill["components"]
    assert len(components) == len(re.findall(r"^\S+==", LOCK, re.M)) > 100
    hashes = [h["content"] for c in components for h in c["externalReferences"][0]["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", LOCK))
    assert all(c["externalReferences"][0]["hashes"] for c in components)
    assert all(re.fullmatch(r"pkg:pypi/[a-z0-9-]+@\S+", c["purl"]) for c in components)
    assert len({c["bom-ref"] for c in components}) == len(components)
    assert {"pandas", "papermill", "typst", "chardet"} <= {c["name"] for c in components}


def test_the_same_lock_gives_the_same_bytes_and_names_no_host_and_no_time():
    assert write_sbom(LOCK) == write_sbom(LOCK)
    assert b"://" not in write_sbom(LOCK) and b"timestamp" not in write_sbom(LOCK)


def test_where_a_package_is_installed_is_kept():
    bill = json.loads(
        write_sbom(
            "a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:"
            + "0" * 64
            + "\nA_b==2 \\\n    --hash=sha256:"
            + "1" * 64
        )
    )
    assert next(c for c in bill["components"] if c["name"] == "a")["properties"] == [
        {"name": "hkresearch:marker", "value": "sys_platform == 'win32'"}
    ]
    assert {c["name"] for c in bill["components"]} == {"a", "a-b"}


@pytest.mark.parametrize("line", ["pandas>=2", "-e .", "--index-url x", "x @ file:///x"])
def test_a_line_that_pins_nothing_is_named(line):
    with pytest.raises(HkresearchError, match="line 2"):
        write_sbom(f"a==1\n{line}\n")


def test_it_lies_in_the_bundle(tmp_path):
    from hkresearch.bundle.write import list_sources

    notebook = NOTEBOOKS / "positions.ipynb"
    files = list_sources([notebook], {"positions"})
    assert files[SBOM] == write_sbom(LOCK)
