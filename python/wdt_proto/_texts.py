"""The package's own texts, in English and Chinese side by side, and which of the two is read.

Texts about requests and replies come from the core. ``__init__`` says who decides the language:
``_native.language``, so that nothing here has to import what raises these texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._models import Issue

Language = Literal["en", "zh"]


def _english() -> Language:
    return "en"


language: Callable[[], Language] = _english
"""The language that the person at this machine reads, asked for whenever a text is made."""


@dataclass(frozen=True)
class Text:
    """A text in both languages; ``str()`` gives the one that the person reads."""

    en: str
    zh: str

    def of(self, **figures: object) -> Text:
        """Put the same figures into both."""
        return Text(
            *(
                text.format_map(
                    {
                        name: getattr(figure, code) if isinstance(figure, Text) else figure
                        for name, figure in figures.items()
                    }
                )
                for code, text in (("en", self.en), ("zh", self.zh))
            )
        )

    def __add__(self, other: Text) -> Text:
        """Put one behind the other."""
        return Text(self.en + other.en, self.zh + other.zh)

    def __str__(self) -> str:
        """Give the one that the person reads."""
        return self.zh if language() == "zh" else self.en


# What the client says of a call that brought no answer of the platform's.
STATUS_SAYS = Text("status {status} ({kind}): {message}", "状态码 {status}（{kind}）：{message}")
TOO_LONG = Text("the attempt took longer than {seconds:g} s", "这次尝试超过了 {seconds:g} 秒")

# The log, with logging's own place holders, in the same order in both.
LOG_ATTEMPT = Text("%s attempt %d: %s, %.0f ms", "%s 第 %d 次：%s，%.0f 毫秒")
LOG_AGAIN = Text(
    "%s attempt %d: %s, %.0f ms; again in %.1f s", "%s 第 %d 次：%s，%.0f 毫秒；%.1f 秒后重试"
)
LOG_WARNINGS = Text("%s warns: %s", "%s 有警告：%s")
LOG_FAILURES = Text(
    "%s was answered with status 0, but refused %d rows: see failures(response)",
    "%s 返回状态 0，但拒绝了 %d 行：见 failures(response)",
)
LOG_TURN = Text("%s waits %.0f s for its turn", "%s 等待 %.0f 秒，轮到时再发")
LOG_CLOCK_BEHIND = Text(
    "this clock is %.0f s behind the server's: set it (NTP)",
    "本机时钟比服务器慢 %.0f 秒：请校时（NTP）",
)
LOG_CLOCK_AHEAD = Text(
    "this clock is %.0f s ahead of the server's: set it (NTP)",
    "本机时钟比服务器快 %.0f 秒：请校时（NTP）",
)

# What a client is made with.
NO_HTTPX = Text(
    "wdt_proto.Client needs httpx: pip install 'wdt-proto[http]', "
    "in a checkout pip install '.[http]'",
    "wdt_proto.Client 需要 httpx：pip install 'wdt-proto[http]'，"
    "在源码目录里用 pip install '.[http]'",
)
NO_BASE_URL = Text(
    "WDT_BASE_URL is not set: the address of the merchant's platform",
    "没有设置 WDT_BASE_URL（商家平台的地址）",
)
PROXY_AND_TRANSPORT = Text(
    "give the proxy to the transport", "给了 transport 时，proxy 要设在它上面"
)
# For issues that a program made itself; of all others the core makes the lines.
MORE_ISSUES = Text("… and {omitted} more", "……还有 {omitted} 条")

# The sandbox.
SANDBOX_MISSING = Text(
    "there is neither {program} nor wdt: in a checkout, pip install ./crates/wdt-sandbox; "
    "a wdt or {program} in PATH serves as well, or one that WDT_SANDBOX names",
    "找不到 {program} 或 wdt：在源码目录里运行 pip install ./crates/wdt-sandbox；"
    "PATH 里有 wdt 或 {program}，或用 WDT_SANDBOX 指定一个，也可以",
)
SANDBOX_NO_FILE = Text(
    "WDT_SANDBOX names {named}, where there is no file", "WDT_SANDBOX 指向 {named}，那里没有文件"
)
SANDBOX_ENDED = Text(
    "{program} ended before it was ready, exit status {status}; see what it wrote",
    "{program} 还没就绪就退出了，退出码 {status}；原因见它的输出",
)
SANDBOX_STOPPED = Text("the sandbox does not run", "沙箱没有运行")
SANDBOX_REFUSES = Text("the sandbox refuses /{path}: {what}", "沙箱拒绝 /{path}：{what}")


def warnings(issues: Sequence[Issue]) -> Text:
    """Give all issues in one line."""
    return Text(
        "; ".join(issue.message for issue in issues),
        "；".join(issue.message_zh for issue in issues),
    )


def lines(issues: Sequence[Issue], omitted: int) -> Text:
    """Give one line an issue, and one for those that were left out."""
    more = [MORE_ISSUES.of(omitted=omitted)] if omitted else []
    return Text(
        "\n".join([*(issue.message for issue in issues), *(text.en for text in more)]),
        "\n".join([*(issue.message_zh for issue in issues), *(text.zh for text in more)]),
    )
