#!/usr/bin/env python3
"""Copies what the pages serve from node_modules into web/static/vendor. Run after `npm ci`.

GOV.UK Frontend's code is free to use; its typeface, crown and crest are for GOV.UK alone. They are
cut out here, and a check at the end refuses to write a stylesheet that still names one of them.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = Path("govuk-frontend")
FONT = Path("@fontsource/atkinson-hyperlegible-next")
FACE = "atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2"
# The variable lets a person choose Arial without a second stylesheet.
STACK = 'var(--font,"Atkinson Hyperlegible Next",Arial,sans-serif)'
BRAND = ("GDS Transport", "@font-face", "/assets/", "crest", "crown")


def main() -> None:
    """Brings web/static/vendor up to date; ends with a sentence on stderr where it can't."""
    try:
        changed = copy(ROOT / "node_modules", ROOT / "web" / "static" / "vendor")
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is missing. Run `npm ci` first, then this again.")
    except ValueError as error:
        sys.exit(str(error))
    print(f"web/static/vendor: {changed} files changed")


def copy(modules: Path, vendor: Path) -> int:
    """How many files under `vendor` had to be written or removed.

    Raises:
        FileNotFoundError: something under `modules` isn't installed.
        ValueError: a stylesheet still names part of GOV.UK's brand.
    """
    wanted = {**frontend(modules / FRONTEND), **fonts(modules / FONT)}
    vendor.mkdir(parents=True, exist_ok=True)
    present = {path.name: path.read_bytes() for path in vendor.iterdir()}
    changed = [name for name in wanted if wanted[name] != present.get(name)]
    for name in changed:
        (vendor / name).write_bytes(wanted[name])
    stale = present.keys() - wanted.keys()
    for name in stale:
        (vendor / name).unlink()
    return len(changed) + len(stale)


def frontend(package: Path) -> dict[str, bytes]:
    """GOV.UK Frontend's stylesheet without its brand, and its script."""
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    # The package carries no licence file; the MIT licence asks for its notice in every copy.
    notice = (
        f"/*! GOV.UK Frontend {version}, (c) Crown Copyright (Government Digital Service), "
        "MIT licence. Changed: typeface, crest and logo removed. */\n"
    )
    built = package / "dist" / "govuk"
    css = unbranded((built / "govuk-frontend.min.css").read_text("utf-8"))
    script = without_map((built / "govuk-frontend.min.js").read_text("utf-8"))
    return {
        # @charset counts only as a file's very first bytes, and the server says UTF-8 already
        "govuk-frontend.css": (notice + css.removeprefix('@charset "UTF-8";')).encode(),
        "govuk-frontend.js": (notice + script).encode(),
    }


def unbranded(css: str) -> str:
    """`css` with our font stack, and without the typeface, GOV.UK's header, footer and logo.

    Raises:
        ValueError: a name from GOV.UK's brand is left: look at what the new version brought.
    """
    css = re.sub(r"/\*!.*?Margaret Calvert.*?\*/", "", without_map(css), flags=re.DOTALL)
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    # the second is for print, where GDS Transport may not be used and ours may
    css = re.sub(r"font-family:(GDS Transport,arial,)?sans-serif", f"font-family:{STACK}", css)
    css = re.sub(r"(?<=[{}])(\.govuk-(footer|header|logo)[^{},]*,?)+\{[^{}]*\}", "", css)
    left = [name for name in BRAND if name.lower() in css.lower()]
    if left:
        raise ValueError(f"the stylesheet still holds {', '.join(left)}: tools/assets.py must learn")
    return css


def without_map(text: str) -> str:
    """`text` without the line that makes developer tools ask for a file we don't serve."""
    return re.sub(r"\n?/[/*]# sourceMappingURL=.*\s*$", "\n", text)


def fonts(package: Path) -> dict[str, bytes]:
    """Regular and bold, Latin and Latin Extended (Welsh, Polish), their stylesheet and licence."""
    files = {
        name: (package / "files" / name).read_bytes()
        for weight in (400, 700)
        for subset in ("latin", "latin-ext")
        for name in [FACE.format(subset=subset, weight=weight)]
    }
    css = "".join((package / f"{weight}.css").read_text("utf-8") + "\n" for weight in (400, 700))
    # Every browser that runs the pages reads woff2; the older format would only be dead weight.
    css = re.sub(r",\s*url\([^)]*\.woff\)\s*format\('woff'\)", "", css)
    files["fonts.css"] = css.replace("url(./files/", "url(").encode()
    files["fonts-licence.txt"] = (package / "LICENSE").read_bytes()
    return files


if __name__ == "__main__":
    main()
