"""Machine code is kept, and never outlives what it was made from."""

from pathlib import Path

import pytest

from matching.compiled import folder_for


def test_a_change_in_any_file_is_another_folder(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("a = 1")
    (tmp_path / "two.py").write_text("b = 1")
    before = folder_for(tmp_path)
    assert folder_for(tmp_path) == before
    (tmp_path / "two.py").write_text("b = 2")
    assert folder_for(tmp_path) != before
    assert before.parent == tmp_path / "__pycache__"


def test_where_the_sources_cant_be_written_beside_it_is_in_the_users_own_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = folder_for(tmp_path)
    assert folder.parent == tmp_path / "cache" / "alongside"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_without_a_home_it_is_a_new_folder_nobody_else_can_have_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").write_text("")
    (tmp_path / "cache").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    one, other = folder_for(tmp_path), folder_for(tmp_path)
    assert one != other
    assert list(one.iterdir()) == []
