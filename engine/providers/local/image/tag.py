"""The host image's name: a hash of its recipe, so that a changed recipe is another image.

Only the standard library, so that this file also runs by itself: `python tag.py` prints the name.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

RECIPE = Path(__file__).parent / "recipe"
REPOSITORY = "groundplan-host"


def recipe_files() -> list[Path]:
    """Every file of the recipe, in a stable order."""
    return sorted(path for path in RECIPE.rglob("*") if path.is_file())


def recipe_hash() -> str:
    digest = hashlib.sha256()
    for path in recipe_files():
        content = path.read_bytes()
        digest.update(f"{path.relative_to(RECIPE).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def image_tag() -> str:
    return f"{REPOSITORY}:{recipe_hash()}"


if __name__ == "__main__":
    print(image_tag())  # noqa: T201
