"""Who competes in what: the tables' rows, in their order."""

from __future__ import annotations

from dataclasses import dataclass

OURS_ZH = "本库"


@dataclass(frozen=True)
class Entry:
    """One row: a contestant's process and the task that it runs."""

    process: str
    task: str
    label: str
    label_zh: str
    ours: bool = False
    # Keeps every digit of a decimal; the check holds it to that.
    exact: bool = False
    # Its output is what the others make; one of another protocol is shown, but is no peer.
    is_peer: bool = True

    @property
    def name(self) -> str:
        """Name it within its group."""
        return f"{self.process} {self.task}"


def _ours(task: str, *, python_task: str | None = None) -> list[Entry]:
    python = python_task or task
    return [
        Entry("rust", task, "**Rust**, wdt-proto", f"**Rust**，{OURS_ZH}", ours=True, exact=True),
        Entry("c", task, "**C**, libwdt", f"**C**，{OURS_ZH}", ours=True, exact=True),
        Entry(
            "python",
            python,
            "**Python**, wdt_proto",
            f"**Python**，{OURS_ZH}",
            ours=True,
            exact=True,
        ),
        Entry(
            "php-wdt",
            task,
            "**PHP**, the extension",
            f"**PHP**，{OURS_ZH}扩展",
            ours=True,
            exact=True,
        ),
    ]


TYPED = [
    *_ours("typed"),
    Entry(
        "python",
        "typed_float",
        "**Python**, wdt_proto, decimals given as `float`",
        f"**Python**，{OURS_ZH}，小数以 `float` 传入",
        ours=True,
    ),
    Entry(
        "python-abi3",
        "typed_float",
        "**Python**, the same from the abi3 wheel",
        f"**Python**，{OURS_ZH}，同上，abi3 wheel",
        ours=True,
    ),
    Entry("php", "typed", "PHP: json_encode, md5", "PHP：json_encode、md5"),
    Entry(
        "java",
        "typed",
        "Java: StringBuilder, MessageDigest, BigDecimal",
        "Java：StringBuilder、MessageDigest、BigDecimal",
        exact=True,
    ),
    Entry("node", "typed", "Node: JSON.stringify, crypto", "Node：JSON.stringify、crypto"),
    Entry("python-plain", "typed", "Python: json, hashlib", "Python：json、hashlib"),
    Entry(
        "python-simplejson",
        "typed",
        "Python: simplejson with Decimal, hashlib",
        "Python：simplejson（Decimal）、hashlib",
        exact=True,
    ),
    Entry(
        "python-wdtqm",
        "typed",
        "Python: wdtqm (signs for Qimen)",
        "Python：wdtqm（奇门签名）",
        is_peer=False,
    ),
]
VALID = [
    *_ours("valid"),
    Entry(
        "python",
        "valid_float",
        "**Python**, wdt_proto, decimals given as `float`",
        f"**Python**，{OURS_ZH}，小数以 `float` 传入",
        ours=True,
    ),
    Entry(
        "python-abi3",
        "valid_float",
        "**Python**, the same from the abi3 wheel",
        f"**Python**，{OURS_ZH}，同上，abi3 wheel",
        ours=True,
    ),
]
RAW_VALID = _ours("raw_valid")
RAW = [
    *_ours("raw"),
    Entry("php", "raw", "PHP: md5", "PHP：md5", exact=True),
    Entry("java", "raw", "Java: MessageDigest", "Java：MessageDigest", exact=True),
    Entry("node", "raw", "Node: crypto", "Node：crypto", exact=True),
    Entry("python-plain", "raw", "Python: hashlib", "Python：hashlib", exact=True),
]
PARSE = [
    Entry(
        "rust",
        "parse",
        "**Rust**, Response::parse: checked, data as text",
        f"**Rust**，{OURS_ZH} Response::parse：校验，数据保持文本",
        ours=True,
        exact=True,
    ),
    Entry(
        "rust",
        "values",
        "**Rust**, Response::parse, then every value made",
        f"**Rust**，{OURS_ZH} Response::parse，再取出所有值",
        ours=True,
        exact=True,
    ),
    Entry(
        "c",
        "parse",
        "**C**, wdt_response_parse: checked, data as text",
        f"**C**，{OURS_ZH} wdt_response_parse：校验，数据保持文本",
        ours=True,
        exact=True,
    ),
    Entry(
        "python",
        "parse",
        "**Python**, parse_response",
        f"**Python**，{OURS_ZH} parse_response",
        ours=True,
        exact=True,
    ),
    Entry(
        "php-wdt",
        "parse",
        "**PHP**, the extension's parse_response",
        f"**PHP**，{OURS_ZH}扩展 parse_response",
        ours=True,
        exact=True,
    ),
    Entry("rust", "serde_json", "Rust: serde_json to Value", "Rust：serde_json 到 Value"),
    Entry(
        "python-plain",
        "parse_decimal",
        "Python: json, parse_float=Decimal",
        "Python：json，parse_float=Decimal",
        exact=True,
    ),
    Entry("python-plain", "parse_float", "Python: json", "Python：json"),
    Entry("python-orjson", "parse", "Python: orjson", "Python：orjson"),
    Entry(
        "python-plain",
        "parse_objects",
        "floor, Python: the same objects, no text read",
        "下限，Python：只生成这些对象，不读文本",
        is_peer=False,
        exact=True,
    ),
    Entry("php", "parse", "PHP: json_decode", "PHP：json_decode"),
    Entry("node", "parse", "Node: JSON.parse", "Node：JSON.parse"),
]

BUILDING = {"typed": TYPED, "valid": VALID, "raw_valid": RAW_VALID, "raw": RAW}
GROUPS = {**BUILDING, "parse": PARSE}


@dataclass(frozen=True)
class Target:
    """How many times as fast as a peer one of ours shall be; the peer None is the fastest."""

    group: str
    entry: str
    peer_group: str
    peer: str | None
    at_least: float
    text: str
    text_zh: str


TARGETS = [
    Target(
        "typed",
        "rust typed",
        "typed",
        None,
        2,
        "Rust, typed arguments: the fastest peer's time",
        "Rust，从类型化参数构建：对比最快的同类",
    ),
    Target(
        "raw_valid",
        "rust raw_valid",
        "typed",
        None,
        1,
        "Rust, raw JSON, fully validated: the fastest peer's time from typed arguments",
        "Rust，从 JSON 文本构建并完整校验：对比最快同类从类型化参数构建（不校验）",
    ),
    Target(
        "typed",
        "python typed_float",
        "typed",
        "python-plain typed",
        8,
        "Python, the same dict, no validation: plain Python's time",
        "Python，相同的 dict，不校验：对比纯 Python",
    ),
    Target(
        "valid",
        "python valid_float",
        "typed",
        "python-plain typed",
        5,
        "Python, the same dict, fully validated: plain Python's time",
        "Python，相同的 dict，完整校验：对比纯 Python（不校验）",
    ),
    Target(
        "parse",
        "rust parse",
        "parse",
        "python-plain parse_decimal",
        3,
        "Rust, a reply of 10 MB: the time of json with parse_float=Decimal",
        "Rust，解析 10 MB 应答：对比 Python json（parse_float=Decimal）",
    ),
    Target(
        "parse",
        "python parse",
        "parse",
        "python-plain parse_decimal",
        3,
        "Python, a reply of 10 MB: the time of json with parse_float=Decimal",
        "Python，解析 10 MB 应答：对比 json（parse_float=Decimal）",
    ),
]
