"""Print the lines of wdt-proto that no test reaches, and hold the share of the rest to a limit.

Test modules inside the sources are not counted: they would only flatter the figure.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "crates" / "wdt-proto" / "src"


def counts(lcov: Path) -> dict[Path, dict[int, int]]:
    """Give how often each line of each file ran."""
    found: defaultdict[Path, dict[int, int]] = defaultdict(dict)
    path = Path()
    for line in lcov.read_text(encoding="utf-8").splitlines():
        kind, _, value = line.partition(":")
        if kind == "SF":
            path = Path(value)
        elif kind == "DA":
            number, times = value.split(",")[:2]
            lines = found[path]
            lines[int(number)] = max(lines.get(int(number), 0), int(times))
    return found


def first_of_tests(path: Path) -> int:
    """Give the number of the line at which a file's tests begin; one past the end for none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((i for i, text in enumerate(lines, 1) if text == "#[cfg(test)]"), len(lines) + 1)


def ranges(numbers: list[int]) -> str:
    """Write `[1, 2, 3, 7]` as `1-3 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def main() -> int:
    """Read the arguments, print the table."""
    lcov, least = Path(sys.argv[1]), float(sys.argv[2])
    reached = total = 0
    for path, lines in sorted(counts(lcov).items()):
        if not path.is_relative_to(SOURCES):
            continue
        end = first_of_tests(path)
        own = {number: times for number, times in lines.items() if number < end}
        missed = sorted(number for number, times in own.items() if not times)
        total += len(own)
        reached += len(own) - len(missed)
        share = 100 * (len(own) - len(missed)) / max(len(own), 1)
        print(f"{path.relative_to(SOURCES)!s:22} {share:6.1f} %  {ranges(missed)}".rstrip())
    share = 100 * reached / max(total, 1)
    print(f"wdt-proto: {reached} of {total} lines, {share:.2f} %; at least {least:g} % are due")
    return 0 if total and share >= least else 1


if __name__ == "__main__":
    sys.exit(main())
