"""Prints the ratios of the Rust benchmarks that `cargo bench` has just measured."""

from __future__ import annotations

import json
from pathlib import Path

CRITERION = Path(__file__).parents[1] / "target" / "criterion"
# group, floor, [(benchmark, largest ratio allowed by its target or None)]
COMPARED: list[tuple[str, str, list[tuple[str, float | None]]]] = [
    (
        "sync_fail",
        "floor_ MD5 of the canonical bytes",
        [
            ("from the typed form", 1.6),
            ("validating alone", 1.2),
            ("from raw JSON, validated", 2.8),
        ],
    ),
    ("parse", "floor_ serde_json, syntax only", [("a calcStock reply", None)]),
]


def nanoseconds(group: str, name: str) -> float:
    """Give the median that criterion measured."""
    estimates = CRITERION / group / name / "new" / "estimates.json"
    return float(json.loads(estimates.read_text(encoding="utf-8"))["median"]["point_estimate"])


def main() -> None:
    """Print a line for each benchmark and its floor."""
    for group, floor, benchmarks in COMPARED:
        base = nanoseconds(group, floor)
        print(f"{group}: {floor.replace('floor_', 'floor:')}  {base:.0f} ns")
        for name, target in benchmarks:
            time = nanoseconds(group, name)
            aim = f" (target ≤ {target} ×)" if target else ""
            print(f"  {name:24} {time:7.0f} ns  {time / base:5.2f} × the floor{aim}")


if __name__ == "__main__":
    main()
