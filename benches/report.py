"""What was measured: the tables of docs/performance.md in two languages, and the plot."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest import ROOT, Times, median_ratio
from entries import GROUPS, TARGETS, Entry, Target
from reply import EXACT

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
PLOT = DOCS / "performance.svg"
OURS_COLOUR, OTHERS_COLOUR = "#c2410c", "#64748b"
MICROSECOND, MILLISECOND = 1e3, 1e6
UNITS = {"parse": (MILLISECOND, "ms")}
# Beside whom each group's ratios stand: plain Python, which most integrations are written in.
BASES = {
    "typed": ("typed", "python-plain typed"),
    "valid": ("typed", "python-plain typed"),
    "raw_valid": ("typed", "python-plain typed"),
    "raw": ("raw", "python-plain raw"),
    "parse": ("parse", "python-plain parse_decimal"),
}
WORDS = {
    "en": {
        "head": "| who | {unit} a call | spread | times as fast as {base} |{digits}",
        "digits": " {exact} comes out as |",
        "base": "plain Python",
        "base_parse": "json with Decimal",
        "absent": "not here",
        "targets": "| target | aim | measured | |\n| --- | --- | --- | --- |",
        "met": "met",
        "missed": "**missed**",
        "facts": "| | |\n| --- | --- |",
        "names": {
            "date": "date",
            "machine": "machine",
            "system": "system",
            "load": "load before the run",
            "rust": "Rust",
            "c": "C",
            "python": "Python",
            "php": "PHP",
            "node": "Node",
            "java": "Java",
            "rounds": "rounds",
        },
    },
    "zh": {
        "head": "| 实现 | 每次调用（{unit}） | 波动 | 相对{base}的倍数 |{digits}",
        "digits": " {exact} 的结果 |",
        "base": "纯 Python",
        "base_parse": " json + Decimal ",
        "absent": "本机没有",
        "targets": "| 目标 | 要求 | 实测 | |\n| --- | --- | --- | --- |",
        "met": "达到",
        "missed": "**未达到**",
        "facts": "| | |\n| --- | --- |",
        "names": {
            "date": "日期",
            "machine": "机器",
            "system": "系统",
            "load": "运行前的负载",
            "rust": "Rust",
            "c": "C",
            "python": "Python",
            "php": "PHP",
            "node": "Node",
            "java": "Java",
            "rounds": "轮数",
        },
    },
}


@dataclass(frozen=True)
class Result:
    """One run."""

    times: Times
    # What each entry makes of a number that no binary float holds.
    kept: dict[str, str]
    facts: dict[str, str]

    def ratio(self, ours: list[float] | None, theirs: list[float] | None) -> float | None:
        """Say how many times as long the others take; rounds are paired as far as both go."""
        return median_ratio(ours, theirs) if ours and theirs else None

    def fastest_peer(self, group: str) -> str | None:
        """Name the fastest of those who do the same and are not ours."""
        names = [entry.name for entry in GROUPS[group] if entry.is_peer and not entry.ours]
        here = [name for name in names if name in self.times[group]]
        return min(here, key=lambda name: statistics.median(self.times[group][name]), default=None)

    def target(self, target: Target) -> tuple[float | None, str]:
        """Give what was measured of a target, and the peer's label."""
        peer = target.peer or self.fastest_peer(target.peer_group)
        if peer is None:
            return None, ""
        label = next(entry.label for entry in GROUPS[target.peer_group] if entry.name == peer)
        ours = self.times[target.group].get(target.entry)
        return self.ratio(ours, self.times[target.peer_group].get(peer)), label


def number(value: float) -> str:
    """Write three digits that count."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2  # noqa: PLR2004
    return f"{value:.{digits}f}"


def spread(times: list[float]) -> str:
    """Say how far the middle half of the rounds lies apart, of their median."""
    low, middle, high = statistics.quantiles(times, n=4)
    return f"± {(high - low) / 2 / middle:.0%}"


def table(result: Result, group: str, language: str) -> str:
    """Write one group's table."""
    words = WORDS[language]
    factor, unit = UNITS.get(group, (MICROSECOND, "µs"))
    base_group, base = BASES[group]
    shows_digits = any(entry.name in result.kept for entry in GROUPS[group])
    digits = str(words["digits"]).format(exact=EXACT) if shows_digits else ""
    base_word = words["base_parse" if group == "parse" else "base"]
    head = str(words["head"]).format(unit=unit, base=base_word, digits=digits)
    lines = [head, "| --- | ---: | ---: | ---: |" + (" --- |" if shows_digits else "")]
    for entry in GROUPS[group]:
        label = entry.label if language == "en" else entry.label_zh
        times = result.times[group].get(entry.name)
        if times is None:
            cells = [f"{words['absent']}", "", ""]
        else:
            ratio = result.ratio(times, result.times[base_group].get(base))
            cells = [
                number(statistics.median(times) / factor),
                spread(times),
                number(ratio) if ratio else "",
            ]
        if shows_digits:
            cells.append(f"`{result.kept[entry.name]}`" if entry.name in result.kept else "")
        lines.append("| " + " | ".join([label, *cells]) + " |")
    return "\n".join(lines)


def targets(result: Result, language: str) -> str:
    """Write the table of the targets."""
    words = WORDS[language]
    lines = [str(words["targets"])]
    for target in TARGETS:
        ratio, peer = result.target(target)
        text = target.text if language == "en" else target.text_zh
        if target.peer is None and peer:
            text += f" ({peer})" if language == "en" else f"（{peer}）"
        if ratio is None:
            cells = [str(words["absent"]), ""]
        else:
            cells = [
                f"{ratio:.2f} ×",
                str(words["met"] if ratio >= target.at_least else words["missed"]),
            ]
        lines.append("| " + " | ".join([text, f"≥ {target.at_least:g} ×", *cells]) + " |")
    return "\n".join(lines)


def facts(result: Result, language: str) -> str:
    """Write when and where."""
    words = WORDS[language]
    names = words["names"]
    if not isinstance(names, dict):
        raise TypeError
    counts = {len(times) for group in result.times.values() for times in group.values()}
    known = {**result.facts, "rounds": ", ".join(map(str, sorted(counts, reverse=True)))}
    rows = [f"| {names[name]} | {text} |" for name, text in known.items()]
    return "\n".join([str(words["facts"]), *rows])


def parts(result: Result, language: str) -> dict[str, str]:
    """Give all that a page has room for, by the names in its marks."""
    tables = {group: table(result, group, language) for group in GROUPS}
    return {**tables, "targets": targets(result, language), "facts": facts(result, language)}


def fill(page: Path, made: dict[str, str]) -> None:
    """Put the parts between their marks."""
    text = page.read_text(encoding="utf-8")
    for name, part in made.items():
        begin, end = f"<!-- {name}: written by make bench-peers -->", f"<!-- {name}: end -->"
        text, count = re.subn(
            f"{re.escape(begin)}.*?{re.escape(end)}",
            lambda _, part=part, begin=begin, end=end: f"{begin}\n\n{part}\n\n{end}",  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
        if count != 1:
            msg = f"{page.name} has {count} places for {name}"
            raise ValueError(msg)
    page.write_text(text, encoding="utf-8")


def write(result: Result) -> None:
    """Write both pages' tables and the plot."""
    fill(DOCS / "performance.md", parts(result, "en"))
    fill(DOCS / "performance.zh-CN.md", parts(result, "zh"))
    plot(result)
    print("docs/performance.md, docs/performance.zh-CN.md and docs/performance.svg are written")


def for_terminal(result: Result) -> str:
    """Give the tables as text, without what only a page shows."""
    made = parts(result, "en")
    return "\n\n".join(made[name].replace("**", "") for name in (*GROUPS, "targets", "facts"))


def plot(result: Result) -> None:
    """Draw the bars: ours in one colour, the others in another, shorter is better."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("svg")
    # The same measurements give the same file.
    mpl.rcParams.update({"svg.hashsalt": "wdt-proto", "font.family": "DejaVu Sans", "font.size": 9})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    drawn = [
        ("typed", "A  syncFail from typed arguments, not validated"),
        ("valid", "A′  the same, fully validated (no peer does)"),
        ("raw_valid", "A″  from JSON text, fully validated (no peer does)"),
        ("parse", "B  a reply of 10 MB parsed"),
    ]
    # What signs for another door is in the table only.
    rows = {
        group: [
            entry
            for entry in GROUPS[group]
            if entry.name in result.times[group] and (entry.is_peer or group == "parse")
        ]
        for group, _ in drawn
    }
    heights = [len(rows[group]) + 1.2 for group, _ in drawn]
    figure, axes = plt.subplots(
        len(drawn), 1, figsize=(9, sum(heights) * 0.27), height_ratios=heights, layout="constrained"
    )
    for (group, title), axis in zip(drawn, axes, strict=True):
        bars(result, group, rows[group], axis)
        axis.set_title(title, loc="left", fontsize=10, fontweight="bold")
    # All of building on one scale, so that the panels compare.
    widest = max(axis.get_xlim()[1] for axis in axes[:3])
    for axis in axes[:3]:
        axis.set_xlim(0, widest)
    colours = {"ours": OURS_COLOUR, "others": OTHERS_COLOUR}
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in colours.values()]
    axes[1].legend(handles, colours, loc="center right", frameon=False)
    figure.savefig(PLOT, metadata={"Date": None})
    plt.close(figure)
    lines = PLOT.read_text(encoding="utf-8").splitlines()
    PLOT.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


def bars(result: Result, group: str, rows: list[Entry], axis) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Draw one group."""
    factor, unit = UNITS.get(group, (MICROSECOND, "µs"))
    labels = [entry.label.replace("**", "").replace("`", "") for entry in rows]
    middles = [statistics.median(result.times[group][entry.name]) / factor for entry in rows]
    colours = [OURS_COLOUR if entry.ours else OTHERS_COLOUR for entry in rows]
    drawn = axis.barh(labels, middles, color=colours, height=0.7)
    axis.bar_label(drawn, [number(middle) for middle in middles], padding=3, fontsize=8)
    axis.invert_yaxis()
    axis.set_xlim(0, max(middles) * 1.1)
    axis.set_xlabel(f"{unit} a call, shorter is better", fontsize=8)
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(axis="y", length=0)
