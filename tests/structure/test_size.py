"""A reader can hold it: files and functions that fit in a glance. (Parameters and imports inside
functions are ruff's: PLR0913 and PLC0415.)"""

import pytest

from scripts.source import Module, modules


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_is_under_400_lines_and_none_of_its_functions_over_60(module: Module) -> None:
    assert len(module.text.splitlines()) < 400
    long = [f.name for f in module.functions if (f.end_lineno or 0) - f.lineno + 1 > 60]
    assert not long
