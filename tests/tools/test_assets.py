import runpy
from pathlib import Path
from typing import Any

import pytest

ASSETS: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "assets.py"))
CSS = (
    '@charset "UTF-8";a{color:red}/*! Copyright (c) 2011 by Margaret Calvert & Henrik Kubel. */'
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
    "b{font-family:GDS Transport,arial,sans-serif}@media print{b{font-family:sans-serif}}"
    ".govuk-footer__crown{margin:0}.govuk-footer__logo:before{background:url(/assets/govuk-crest.svg)}"
    "\n/*# sourceMappingURL=x.css.map */\n"
)
CLEAN = (
    'a{color:red}b{font-family:var(--font,"Atkinson Hyperlegible Next",Arial,sans-serif)}'
    '@media print{b{font-family:var(--font,"Atkinson Hyperlegible Next",Arial,sans-serif)}}\n'
)


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A node_modules folder with a little of what npm would put there."""
    folder = tmp_path / "node_modules"
    built = folder / "govuk-frontend" / "dist" / "govuk"
    built.mkdir(parents=True)
    (folder / "govuk-frontend" / "package.json").write_text('{"version": "6.6.0"}')
    (built / "govuk-frontend.min.css").write_text(CSS)
    (built / "govuk-frontend.min.js").write_text("export{a};//# sourceMappingURL=x.js.map")
    font = folder / "@fontsource" / "atkinson-hyperlegible-next"
    (font / "files").mkdir(parents=True)
    (font / "LICENSE").write_text("OFL")
    for weight in (400, 700):
        faces = []
        for subset in ("latin", "latin-ext"):
            name = f"atkinson-hyperlegible-next-{subset}-{weight}-normal.woff"
            (font / "files" / f"{name}2").write_bytes(b"font")
            faces.append(f"url(./files/{name}2) format('woff2'), url(./files/{name}) format('woff')")
        (font / f"{weight}.css").write_text("\n".join(faces))
    return folder


def test_the_stylesheet_loses_the_brand_and_keeps_the_rest(modules: Path, tmp_path: Path) -> None:
    ASSETS["copy"](modules, tmp_path / "vendor")
    notice, css = (tmp_path / "vendor" / "govuk-frontend.css").read_text().split("\n", 1)
    assert "GOV.UK Frontend 6.6.0" in notice
    assert "MIT licence" in notice
    assert css == CLEAN


def test_the_font_comes_in_one_format_with_its_licence(modules: Path, tmp_path: Path) -> None:
    ASSETS["copy"](modules, tmp_path / "vendor")
    css = (tmp_path / "vendor" / "fonts.css").read_text()
    assert css.count("format('woff2')") == 4
    assert "format('woff')" not in css
    assert "./files/" not in css
    assert (tmp_path / "vendor" / "fonts-licence.txt").read_text() == "OFL"


def test_a_second_run_changes_nothing(modules: Path, tmp_path: Path) -> None:
    assert ASSETS["copy"](modules, tmp_path / "vendor") == 8
    assert ASSETS["copy"](modules, tmp_path / "vendor") == 0


def test_what_is_no_longer_served_is_removed(modules: Path, tmp_path: Path) -> None:
    ASSETS["copy"](modules, tmp_path / "vendor")
    (tmp_path / "vendor" / "old.js").write_text("old")
    assert ASSETS["copy"](modules, tmp_path / "vendor") == 1
    assert not (tmp_path / "vendor" / "old.js").exists()


@pytest.mark.parametrize(
    "left", ["a{font-family:'GDS Transport'}", "a{background:url(/assets/x.png)}", ".crown{top:0}"]
)
def test_a_stylesheet_that_still_names_the_brand_is_refused(left: str) -> None:
    with pytest.raises(ValueError, match="must learn"):
        ASSETS["unbranded"](left)


def test_nothing_installed_is_said_with_the_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"package\.json"):
        ASSETS["copy"](tmp_path, tmp_path / "vendor")
