"""What is kept between runs: entries that are checked, folders that are swapped, and one run at a time."""

import os
import threading

import pytest

from hkresearch.core.cache import drop_oldest, drop_versions, mark_used, read_entry, write_entry
from hkresearch.core.files import lock_folder, restore_folder, swap_folders  # fmt: skip

KEY, OTHER = "ab" * 32, "cd" * 32


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda data: data[:-1], "cut off"),
        (lambda data: data[:70] + bytes([data[70] ^ 1]) + data[71:], "one bit of the content"),
        (lambda data: b"0" + data[1:], "the hash itself"),
        (lambda data: b"", "empty"),
        (lambda data: data + b"!", "longer"),
    ],
)
def test_a_damaged_entry_counts_for_nothing_and_is_written_again(tmp_path, damage, why):
    write_entry(tmp_path, KEY, b"what took long to make")
    assert read_entry(tmp_path, KEY) == b"what took long to make"
    place = tmp_path / KEY[:2] / KEY
    place.write_bytes(damage(place.read_bytes()))
    assert read_entry(tmp_path, KEY) is None, why
    write_entry(tmp_path, KEY, b"what took long to make")
    assert read_entry(tmp_path, KEY) == b"what took long to make"


def test_an_entry_never_stands_for_another(tmp_path):
    write_entry(tmp_path, KEY, b"of one page")
    (tmp_path / OTHER[:2]).mkdir()
    (tmp_path / KEY[:2] / KEY).rename(tmp_path / OTHER[:2] / OTHER)
    assert read_entry(tmp_path, OTHER) is None and read_entry(tmp_path, KEY) is None


def test_the_least_used_goes_first(tmp_path):
    keys = [f"{number:064x}" for number in range(6)]
    for second, key in enumerate(keys):
        write_entry(tmp_path, key, b"")
        os.utime(tmp_path / key[:2] / key, (second, second))
    mark_used(tmp_path, keys[0])
    drop_oldest(tmp_path, 3)
    assert [key for key in keys if read_entry(tmp_path, key) is not None] == [
        keys[0],
        keys[4],
        keys[5],
    ]


def test_old_versions_go_and_the_current_one_stays(tmp_path):
    for second, name in enumerate(("first", "second", "third", "current", "fourth")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (second, second))
    drop_versions(tmp_path, "current", n_others=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "fourth", "third"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_takes_the_place_of_another_whole(tmp_path, monkeypatch, can_exchange):
    if not can_exchange:
        monkeypatch.setattr("hkresearch.core.files._exchange", lambda one, other: False)
    for name in ("tables", "tables.new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    swap_folders(tmp_path / "tables.new", tmp_path / "tables")
    assert [path.name for path in tmp_path.rglob("*")] == ["tables", "tables.new"]
    assert (tmp_path / "tables/tables.new").is_file()


def test_a_folder_moved_aside_by_a_killed_run_comes_back(tmp_path):
    (tmp_path / "tables.old").mkdir()
    restore_folder(tmp_path / "tables")
    restore_folder(tmp_path / "tables")
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_one_run_at_a_time(tmp_path):
    pytest.importorskip("fcntl")
    events = []
    inside = threading.Event()

    def run():
        with lock_folder(tmp_path / "lock", lambda: (events.append("waits"), inside.set())):
            events.append("second")

    with lock_folder(tmp_path / "lock", lambda: events.append("never")):
        second = threading.Thread(target=run)
        second.start()
        assert inside.wait(10)
        events.append("first ends")
    second.join(10)
    assert events == ["waits", "first ends", "second"]
