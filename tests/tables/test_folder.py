"""Tables that were written: each is read when it is first asked for, checked then, and known to have been asked for."""

import copy
import os
import pickle

import pandas as pd
import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.tables.check import check_tables
from hkresearch.tables.read_log import list_reads
from hkresearch.tables.tables import (
    TABLE_NAMES,
    list_frames,
    read_tables,
    replace_frames,
    write_tables,
)


@pytest.fixture
def folder(small_tables, tmp_path):
    write_tables(small_tables, tmp_path / "processed")
    return tmp_path / "processed"


def list_names(folder):
    return list_reads().get(os.path.realpath(folder), [])


def break_all_but(folder, *names):
    for path in folder.glob("*.parquet"):
        if path.stem not in names:
            path.write_bytes(b"PAR1")


def test_only_the_tables_that_are_asked_for_are_read(folder, small_tables):
    break_all_but(folder, "claims")
    tables = read_tables(folder)
    assert tables.codebook == small_tables.codebook and list_names(folder) == []
    pd.testing.assert_frame_equal(tables.claims, small_tables.claims)
    assert tables.claims is tables.claims, "once"
    assert list_names(folder) == ["claims"]
    with pytest.raises(
        HkresearchError, match=r"annotations\.parquet: not the file that .* hkresearch build"
    ):
        tables.annotations


def test_what_was_read_before_the_file_changed_stays(folder, small_tables):
    tables = read_tables(folder)
    n = len(tables.claims)
    break_all_but(folder)
    assert len(tables.claims) == n


def test_tables_built_anew_in_between_are_not_mixed_with_the_old(folder, small_tables):
    tables = read_tables(folder)
    assert len(tables.claims)
    write_tables(replace_frames(small_tables, quotations=small_tables.quotations.iloc[:1]), folder)
    with pytest.raises(HkresearchError, match="built anew after they were opened"):
        tables.quotations
    assert len(read_tables(folder).quotations) == 1


@pytest.mark.parametrize(
    ("use", "why"),
    [
        (repr, "it counts the rows of each"),
        (list_frames, "all of them"),
        (check_tables, "it checks each"),
        (pickle.dumps, "what is sent elsewhere takes its tables along"),
        (copy.deepcopy, "likewise"),
    ],
)
def test_what_uses_all_tables_has_asked_for_all(folder, use, why):
    use(read_tables(folder))
    assert list_names(folder) == sorted(TABLE_NAMES), why


def test_a_copy_is_whole_wherever_it_is_read(folder, small_tables):
    sent = pickle.dumps(read_tables(folder))
    break_all_but(folder)
    again = pickle.loads(sent)
    for name, frame in list_frames(small_tables).items():
        pd.testing.assert_frame_equal(frame, getattr(again, name))


def test_unread_tables_are_named_and_nothing_else_is(folder):
    tables = read_tables(folder)
    assert {*TABLE_NAMES, "codebook", "label_of"} <= set(dir(tables))
    assert not hasattr(tables, "nonsense")
    assert list_names(folder) == []


def test_other_frames_leave_the_rest_unread(folder, small_tables):
    other = replace_frames(read_tables(folder), claims=small_tables.claims.iloc[:1])
    assert len(other.claims) == 1 and list_names(folder) == []
    assert len(other.quotations) == len(small_tables.quotations) and list_names(folder) == [
        "quotations"
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_has_asked_for_nothing_yet(folder):
    assert len(read_tables(folder).claims)
    source, sink = os.pipe()
    if not os.fork():
        before = list_names(folder)
        read_tables(folder).quotations  # noqa: B018
        os.write(sink, ascii([before, list_names(folder)]).encode())
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, "rb") as stream:
        assert stream.read() == b"[[], ['quotations']]"
    os.wait()


# ------------------------------------------------------------------------------------------------------ large tables


@pytest.fixture
def mapped(folder, monkeypatch):
    """Tables that count as large, however few rows they have, and where their copies lie."""
    monkeypatch.setattr("hkresearch.tables.folder.LARGE_FILE", 1)
    return folder, folder.parent / ".cache" / "mapped"


@pytest.mark.parametrize("in_pieces", [0, 1 << 30], ids=["a row group at a time", "in one piece"])
def test_a_large_table_is_the_same_when_it_stays_on_disk(
    mapped, small_tables, monkeypatch, in_pieces
):
    folder, copies = mapped
    monkeypatch.setattr("hkresearch.tables.memory_map.ONE_BATCH", in_pieces)
    for name in ("annotations", "positions", "codings"):
        pd.testing.assert_frame_equal(
            getattr(read_tables(folder), name), getattr(small_tables, name)
        )
    assert len(list(copies.iterdir())) == 3, "one copy each, and nothing half done"


def test_a_copy_is_made_once_and_again_when_it_was_damaged(mapped, small_tables):
    folder, copies = mapped
    read_tables(folder).claims
    (copy_,) = copies.iterdir()
    made = copy_.stat().st_ino
    read_tables(folder).claims
    assert copy_.stat().st_ino == made
    data = bytearray(copy_.read_bytes())
    data[len(data) // 2] ^= 1
    copy_.write_bytes(data)
    pd.testing.assert_frame_equal(read_tables(folder).claims, small_tables.claims)
    assert [path.name for path in copies.iterdir()] == [copy_.name] and copy_.stat().st_ino != made


def test_without_room_for_a_copy_a_large_table_is_read_into_memory(
    mapped, small_tables, monkeypatch
):
    folder, copies = mapped
    copies.parent.mkdir()
    copies.write_text("no folder can be made here")
    pd.testing.assert_frame_equal(read_tables(folder).claims, small_tables.claims)


def test_a_large_table_of_another_hash_is_refused_though_a_copy_is_there(mapped):
    folder, _ = mapped
    read_tables(folder).claims
    break_all_but(folder)
    with pytest.raises(HkresearchError, match=r"claims\.parquet: not the file that"):
        read_tables(folder).claims


def test_copies_of_earlier_tables_go_when_there_are_many(mapped, small_tables, monkeypatch):
    folder, copies = mapped
    monkeypatch.setattr("hkresearch.tables.memory_map.MOST_COPIES", 2)
    for n in range(1, 5):
        write_tables(replace_frames(small_tables, claims=small_tables.claims.iloc[:n]), folder)
        assert len(read_tables(folder).claims) == n
    assert len(list(copies.iterdir())) == 2
