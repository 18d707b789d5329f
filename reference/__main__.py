"""`make reference`: write the generated pages anew."""

from __future__ import annotations

from reference.pages import write_all

changed, gone = write_all()
print(f"{changed} pages written, {gone} removed")
