"""Make the fuzz targets' seeds from the vectors and the catalogue's examples.

Each input is one file, named by its content, so equal ones are kept once. `fuzz_targets/*.rs` say
how an input is laid out; parts stand behind the byte 0xFF, which no UTF-8 has.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
CORE = ROOT / "crates" / "wdt-proto"
SEEDS = ROOT / "fuzz" / "seeds"

# The fuzzer cuts what is longer.
MAX_BYTES = 4096
# Longer examples say the same with more fields.
MAX_EXAMPLE_BYTES = 300

NUMBERS = (
    "0", "-0", "1.0000", "999999999999999.9999", "1000000000000000", "-9223372036854775808",
    "9223372036854775808", "2147483647", "-2147483649", "127", "-129", "32768", "0.1e1", "1e28",
    "1e29", "1e-28", "1e-29", "100e-30", "79228162514264337593543950335",
    "79228162514264337593543950336", "0.10000000000000000000000000000000000",
    "0e99999999999999999999", "1e99999999999999999999", "1e-99999999999999999999", "4999.99999",
    "5000.0", "5001", "9", "1E+1", "01", "1.", ".5", "+1", "1e", "NaN", "-", '[1.0,{"a":-2e3}]',
)  # fmt: skip

# Which of two fields counts is seldom hit by chance.
REPLIES = (
    '{"status":0,"data":{"total_count":22},"total":7}',
    '{"total":null,"status":"0","data":{"total_count":"22","a":[{"total_count":1}]}}',
    '{"status":0,"data":{"total_count":1,"total_count":2},"total":-1}',
    '{"st\\u0061tus":0,"\\u0064ata":1,"to\\u0074al":9223372036854775807}',
    '{"status":-0,"status":0}',
    '{"status":0,"data":1,"data":{}}',
    '{"status":100,"message":"\\u6743\\u9650\\u4e0d\\u8db3\\ud83d","data":[1.0]}',
    '{"status":1,"message":["app auth fail"],"total":1e3}',
    '{"status":0,"total_count":"3","data":{"total_count":4}}',
    '{"timestamp":1,"status":404,"error":"Not Found","path":"/"}',
    '{"error_response":{"code":25,"msg":"Invalid signature","sub_code":"isv.x"}}',
    '{"response":{"flag":"failure","code":"50","message":"m","sub_message":"s"}}',
    "<?xml version='1.0'?><error_response><code>31</code><msg>m</msg></error_response>",
)


def vectors(name: str, kind: str = "cases") -> list[dict[str, Any]]:
    """Give the cases of a file of `testdata`."""
    loaded: list[dict[str, Any]] = json.loads((CORE / "testdata" / name).read_bytes())[kind]
    return loaded


def parts(*texts: object) -> bytes:
    """Join the parts of an input."""
    return b"\xff".join(str(text).encode() for text in texts)


def responses() -> Iterator[bytes]:
    """Give bodies of replies."""
    yield from (reply.encode() for reply in REPLIES)
    for case in vectors("responses.json") + vectors("field.json", "replies"):
        yield case["body"].encode()
    yield '{"code":1010,"message":"签名错误"}'.encode("gbk")
    # Rows, and what hides among them.
    for case in vectors("typed_rows.json"):
        yield f'{{"status":0,"data":{case["rows"] or "null"}}}'.encode()
    for case in vectors("failures.json"):
        yield f'{{"status":0,"data":{case["data"]}}}'.encode()


def validation() -> Iterator[bytes]:
    """Methods and bodies."""
    for case in vectors("validation.json"):
        yield parts(case["method"], case["body"])
    for path in sorted((CORE / "catalogue").glob("*.json")):
        method = json.loads(path.read_bytes())
        if "strict_example" in method:
            args = method["strict_example"]
            example = json.dumps(args, ensure_ascii=False, separators=(",", ":"))
            if len(example.encode()) <= MAX_EXAMPLE_BYTES:
                yield parts(method["method"], example)


def signing() -> Iterator[tuple[dict[str, Any], str]]:
    """Cases of the signature, and their bodies."""
    for case in vectors("signing.json"):
        if "body_repeat" not in case:
            yield case, case["body"]


def round_trip() -> Iterator[bytes]:
    """Whole calls: with the body of the case, and with arguments made from choices."""
    for case, body in signing():
        call = parts(case["sid"], case["key"], case["app_secret"], case["method"])
        paged = b"\x01\x64\x00\x02" if case["pager"] else b"\x00"
        choices = case["timestamp"].to_bytes(4, "little") + paged + b"\x05\x00\x0a"
        yield call + b"\xff" + choices + b"\xff" + body.encode()
        yield call + b"\xff" + choices + b"\xff" + hashlib.sha512(body.encode()).digest() * 2


def credentials() -> Iterator[bytes]:
    """Good ones, and each way of being bad."""
    for case, _ in signing():
        yield parts(case["sid"], case["key"], case["app_secret"])
    for app_secret in ("", "nocolon", ":salt", "secret:", "a:b:c", "se\ncret:salt", "密码:盐"):
        yield parts("wdtapi3", "appkey", app_secret)


def differential_sign() -> Iterator[bytes]:
    """Give a secret, and all that is signed."""
    for case, body in signing():
        pairs = [*case["query"].items(), ("body", body)]
        flat = [part for pair in pairs for part in pair]
        yield parts(case["app_secret"].split(":", 1)[0], *flat)


def differential_numbers() -> Iterator[bytes]:
    """Numbers at the edges, and all numbers of the vectors."""
    yield from (number.encode() for number in NUMBERS)
    for case in vectors("responses.json") + vectors("validation.json"):
        yield from (number.encode() for number in re.findall(r"-?\d[\d.eE+-]*", case["body"]))


def files() -> dict[Path, bytes]:
    """Give every seed and where it lies."""
    targets = {
        "response": responses, "validation": validation, "round_trip": round_trip,
        "credentials": credentials, "differential_sign": differential_sign,
        "differential_numbers": differential_numbers,
    }  # fmt: skip
    return {
        SEEDS / target / hashlib.sha256(seed).hexdigest()[:16]: seed
        for target, seeds in targets.items()
        for seed in seeds()
        if 0 < len(seed) <= MAX_BYTES
    }


def main() -> int:
    """Write the seeds, or with `--check` report those that differ."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if outdated")
    check = parser.parse_args().check
    made = files()
    on_disk = {path for path in SEEDS.glob("*/*") if path.is_file()}
    current = {path: path.read_bytes() for path in on_disk}
    outdated = [path for path, seed in made.items() if current.get(path) != seed]
    stale = on_disk - set(made)
    if check:
        for path in sorted([*outdated, *stale]):
            print(f"outdated: {path.relative_to(ROOT)}", file=sys.stderr)
        return 1 if outdated or stale else 0
    for path in outdated:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made[path])
    for path in stale:
        path.unlink()
    print(f"{len(outdated)} of {len(made)} seeds written, {len(stale)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
