"""`make demo`: a sandbox with faults, the stock-sync loop against it, and what the sandbox saw."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table
from wdt_proto.sandbox import Sandbox

GOODS = 300
FAULTS = "rate_limit=0.03,server=0.03,clock=0.02,http_502=0.04,cut=0.04,slow=20ms@0.1"

console = Console()
console.print(f"A sandbox of the platform, {GOODS} goods waiting, faults: {FAULTS}", markup=False)
with tempfile.TemporaryDirectory() as folder, Sandbox(goods=GOODS, faults=FAULTS) as sandbox:
    # What a person would type, but for the waits: a real platform wants 5 minutes after a rate
    # limit, the sandbox does not.
    command = [sys.executable, str(Path(__file__).with_name("stock_sync.py"))]
    command += [f"--state={folder}/state.json", "--per-minute=0", "--attempts=10"]
    command += ["--first-delay=0.05", "--settle-after=0.1", "--rest", "0.1", "0.3"]
    subprocess.run(command, env={**os.environ, **sandbox.environment()}, check=True)  # noqa: S603
    journal, state = sandbox.journal(), sandbox.state()

faults = Counter(entry["fault"] for entry in journal if entry["fault"])
effects = Counter(entry["effect"]["api_goods_id"] for entry in journal if entry["effect"])
kinds = Counter(entry["effect"]["kind"] for entry in journal if entry["effect"])
table = Table(title="What the sandbox saw")
table.add_column("in its journal")
table.add_column("", justify="right")
table.add_row("requests", str(len(journal)))
for name, number in sorted(faults.items()):
    table.add_row(f"  with the fault {name}", str(number))
table.add_row("reports that took effect", str(effects.total()))
for name, number in sorted(kinds.items()):
    table.add_row(f"  {name}", str(number))
table.add_row("goods reported once", str(sum(times == 1 for times in effects.values())))
table.add_row("goods reported twice", str(sum(times > 1 for times in effects.values())))
table.add_row("goods that still wait", str(state["waiting"]))
console.print(table)
if len(effects) != GOODS or effects.total() != GOODS or state["waiting"]:
    sys.exit("not every good was reported once")
