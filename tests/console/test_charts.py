"""A history as a picture: what it says, where it breaks off, and that nothing written into it is markup."""

import xml.etree.ElementTree as ET

import pytest

from trustwright.entrypoints.console.charts import Mark, line, told

SVG = "{http://www.w3.org/2000/svg}"
WEEKS = [
    *(Mark(f"week {n}", 0.12) for n in range(4)),
    Mark("week 4", 0.119, 0.11, 0.13),
    Mark("week 5", None),
    Mark("week 6", 0.121, 0.11, 0.13),
    Mark("week 7", 0.09, 0.11, 0.13, alarm=True),
]


def drawn(marks: list[Mark], title: str = "German") -> ET.Element:
    return ET.fromstring(line("chart-1", title, marks))


def test_it_says_what_it_shows() -> None:
    svg = drawn(WEEKS)
    title, desc = svg[0], svg[1]
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.text, desc.text) == (
        "German",
        "7 periods. week 7: 9.0 %, expected 11.0 % to 13.0 %. Alarms: week 7.",
    )


def test_a_period_without_a_count_breaks_line_and_band() -> None:
    svg = drawn(WEEKS)
    kinds = [each.get("class") for each in svg.iter()]
    assert (kinds.count("line"), kinds.count("band"), kinds.count("alarm")) == (2, 2, 1)


@pytest.mark.parametrize(
    "marks",
    [
        WEEKS,
        [Mark("one", 0.5)],
        [Mark("flat", 0.3, 0.3, 0.3)] * 9,
        [Mark("none", 0.0, -0.02, 0.01)] * 3,
        [Mark("all", 1.0, 0.98, 1.02)] * 3,
    ],
    ids=["history", "one", "flat", "none", "all"],
)
def test_everything_is_drawn_inside_the_picture(marks: list[Mark]) -> None:
    svg = drawn(marks)
    points = [p.split(",") for each in svg.iter() for p in each.get("points", "").split()]
    dots = [(d.get("cx", ""), d.get("cy", "")) for d in svg.iter(f"{SVG}circle")]
    for x, y in [*points, *dots]:
        assert 0 <= float(x) <= 680
        assert 0 <= float(y) <= 180


def test_names_are_text_never_markup() -> None:
    bad = "</title><script>alert(1)</script>"
    text = line("chart-1", bad, [Mark(bad, 0.5, 0.4, 0.6, alarm=True), Mark('"><b>', 0.5)])
    assert "<script" not in text
    assert "<b>" not in text
    assert drawn([Mark(bad, 0.5)], bad)[0].text == bad


def test_nothing_counted_is_said() -> None:
    assert told([Mark("week 1", None)]) == "Nothing was counted."
    assert "No period was counted" in line("chart-1", "German", [Mark("week 1", None)])
