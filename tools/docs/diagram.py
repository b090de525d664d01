"""Draws docs/assets/stock-sync*.svg, the stock-sync loop in both languages.

tools/docs/diagram.py           write them
tools/docs/diagram.py --check   exit 1 if the committed ones are outdated
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "docs" / "assets"
WIDTH, LEFT, MIDDLE, RIGHT = 790, 96, 320, 694
ROW, TOP = 30, 92
# Its own background, light or dark as the system is, so that it can be read on any page.
STYLE = """
  text { font: 13px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
    fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
    stroke-linejoin: round }
  svg { --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #8c959f; --tint: #eef2ff;
    --blue: #3949ab }
  .paper { fill: var(--paper); stroke: var(--line) }
  .lane { stroke: var(--line); stroke-dasharray: 3 4 }
  .box { fill: var(--tint); stroke: var(--blue) }
  .head { font-weight: 600; text-anchor: middle; stroke: none }
  .call { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px }
  .mid { text-anchor: middle } .soft { fill: var(--soft) }
  .number { fill: var(--blue); font-weight: 700 }
  .arrow { stroke: var(--ink); stroke-width: 1.3; fill: none } .back { stroke-dasharray: 6 4 }
  .frame { fill: none; stroke: var(--blue); stroke-width: 1.2 } marker path { fill: var(--ink) }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #1f2430; --ink: #e6e9f0; --soft: #a6adbb; --line: #6b7385; --tint: #2b3350;
      --blue: #9fa8ff }
  }
"""


@dataclass
class Words:
    """What the picture says in one language."""

    title: str
    lanes: tuple[str, str, str]
    taken: str
    done: str
    moved: str
    lost: str
    ask: str
    same: str
    waits: str
    gone: str
    again: str
    set: str


ENGLISH = Words(
    title="The stock-sync loop: ask which goods wait, calculate, set the stock, report",
    lanes=("Your shop", "Your program", "The platform"),
    taken="taken, or refused with a reason",
    done="status 0: the good leaves the list",
    moved="status 100: the stock has changed, it waits anew",
    lost="no answer: the fate of the report is unknown",
    ask="ask, do not send again",
    same="same position",
    waits="still listed: it did not arrive, report again",
    gone="not listed: it took effect",
    again="the next position, until id_list is empty",
    set="set syn_stock",
)
CHINESE = Words(
    title="库存同步流程：查询待同步货品、计算库存、更新商城、回报结果",
    lanes=("自有商城", "你的程序", "旺店通平台"),
    taken="成功，或失败及原因",
    done="status 0：货品移出待同步列表",
    moved="status 100：库存又变了，货品重新排队",
    lost="没有应答：不知道回报是否生效",
    ask="先查询，不要重发",
    same="同一个 position",
    waits="仍在列表：没有生效，重新回报",
    gone="不在列表：已经生效",
    again="用新的 position 继续，直到 id_list 为空",
    set="写入 syn_stock",
)


class Picture:
    """A sequence diagram, drawn from the top down."""

    def __init__(self, words: Words) -> None:
        """Begin below the heads of the lanes."""
        self.words = words
        self.parts: list[str] = []
        self.y = TOP

    def text(self, x: float, y: float, text: str, kind: str = "") -> None:
        """Write a line."""
        self.parts.append(f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(text)}</text>')

    def arrow(self, start: float, end: float, text: str, kind: str = "", number: str = "") -> None:
        """Draw a call, or what comes back of one, with its text above."""
        self.y += ROW
        way = 4 if end > start else -4
        self.parts.append(
            f'<path class="arrow {kind}" d="M{start + way} {self.y}H{end - way}" '
            'marker-end="url(#tip)"/>'
        )
        words = "call mid" if kind == "" and "(" in text else "mid soft" if kind else "mid"
        self.text((start + end) / 2, self.y - 6, text, words)
        if number:
            self.text(MIDDLE - 22 if end > start else MIDDLE + 10, self.y - 6, number, "number")

    def draw(self) -> str:
        """Draw everything."""
        words = self.words
        self.arrow(MIDDLE, RIGHT, "getSelfWaitSyncIdListOpen(count, position)", number="1")
        self.arrow(RIGHT, MIDDLE, "id_list, position", "back")
        self.arrow(MIDDLE, RIGHT, "batchCalcStock([{api_goods_id, force_sync}])", number="2")
        self.arrow(RIGHT, MIDDLE, "success_date: syn_stock, stock_change_count, …", "back")
        self.arrow(MIDDLE, LEFT, words.set, number="3")
        self.arrow(LEFT, MIDDLE, words.taken, "back")
        self.arrow(MIDDLE, RIGHT, "syncSuccess / syncFail(apiGoodsId, info)", number="4")
        self.arrow(RIGHT, MIDDLE, words.done, "back")
        self.arrow(RIGHT, MIDDLE, words.moved, "back")
        top = self.y + 18
        self.y += 2 * ROW - 6
        self.text(MIDDLE + 14, self.y - 6, words.lost)
        self.text(LEFT - 56, self.y - 6, words.ask, "number")
        self.arrow(MIDDLE, RIGHT, f"getSelfWaitSyncIdListOpen(count, {words.same})", number="5")
        self.arrow(RIGHT, MIDDLE, words.waits, "back")
        self.arrow(RIGHT, MIDDLE, words.gone, "back")
        bottom = self.y + 14
        self.parts.append(
            f'<rect class="frame" x="{LEFT - 66}" y="{top}" width="{WIDTH - 60}" '
            f'height="{bottom - top}" rx="4"/>'
        )
        self.y = bottom + 26
        self.text(MIDDLE, self.y, f"↻ {words.again}", "head")
        return self.page(self.y + 24)

    def page(self, height: float) -> str:
        """Put the lanes behind, and everything into a file."""
        lanes = []
        for x, name in zip((LEFT, MIDDLE, RIGHT), self.words.lanes, strict=True):
            lanes.append(f'<path class="lane" d="M{x} 70V{height - 50:g}"/>')
            lanes.append(f'<rect class="box" x="{x - 72}" y="24" width="144" height="44" rx="5"/>')
            lanes.append(f'<text x="{x}" y="51" class="head">{escape(name)}</text>')
        tip = (
            '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            'orient="auto"><path d="M0 0 8 4 0 8z"/></marker>'
        )
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
            f'width="{WIDTH}" height="{height:g}" role="img">'
        )
        size = f'width="{WIDTH - 1}" height="{height - 1:g}"'
        paper = f'<rect class="paper" x=".5" y=".5" {size} rx="8"/>'
        return "\n".join(
            [
                head,
                f"<title>{escape(self.words.title)}</title>",
                f"<style>{STYLE}</style>",
                f"<defs>{tip}</defs>",
                paper,
                *lanes,
                *self.parts,
                "</svg>\n",
            ]
        )


def main() -> None:
    """Write both, or compare."""
    outdated = False
    for name, words in (("stock-sync.svg", ENGLISH), ("stock-sync.zh-CN.svg", CHINESE)):
        path, drawn = ASSETS / name, Picture(words).draw()
        if "--check" in sys.argv:
            outdated |= not path.exists() or path.read_text(encoding="utf-8") != drawn
        else:
            path.write_text(drawn, encoding="utf-8")
    sys.exit("docs/assets is outdated: run tools/docs/diagram.py" if outdated else 0)


if __name__ == "__main__":
    main()
