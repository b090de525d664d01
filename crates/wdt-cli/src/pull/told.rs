//! What the person sees of a pull: a bar on a terminal, a line now and then elsewhere, a table.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Table};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use wdt_proto::Bilingual as _;
use wdt_proto::catalogue::Method;
use wdt_proto::session::{Pull, Waiting};

use crate::output::{BAD, Output, styled};
use crate::words::{either, said, words};

/// Without a terminal there is a line this often.
const LINES: Duration = Duration::from_secs(60);

/// How far a pull is, told as it goes.
pub(crate) struct Told<'a> {
    output: &'a Output,
    bar: Option<ProgressBar>,
    began: Instant,
    last: Cell<Instant>,
}

/// What all runs of one command have done together.
#[derive(Debug, Default)]
pub(crate) struct Sum {
    pub(crate) rows: u64,
    pub(crate) calls: u64,
    pub(crate) least_calls: u64,
    pub(crate) windows: u64,
    /// Values that did not fit their column, and rows that were no rows: kept as they came.
    pub(crate) odd: u64,
    pub(crate) failed: Vec<wdt_proto::session::FailedSpan>,
    pub(crate) is_cut_short: bool,
    /// The platforms whose rows the vendor keeps back.
    excludes: Vec<String>,
}

impl<'a> Told<'a> {
    pub(crate) fn new(output: &'a Output) -> Self {
        let bar = (std::io::stderr().is_terminal() && !output.json).then(|| {
            let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { output, bar, began: Instant::now(), last: Cell::new(Instant::now()) }
    }

    /// Tells how far it is.
    pub(crate) fn progress(&self, pull: &Pull, sum: &Sum) {
        let thousandths = pull.thousandths();
        let report = pull.report();
        let (rows, calls) = (sum.rows + report.rows, sum.calls + report.calls);
        let seconds = self.began.elapsed().as_secs().max(1);
        let rate = rows / seconds;
        let text = words!(
            "{rows} rows, {calls} calls, {rate} rows/s",
            "{rows} 行，{calls} 次调用，每秒 {rate} 行"
        );
        if let Some(bar) = &self.bar {
            bar.set_position(thousandths.into());
            bar.set_message(said(&text, self.output.language));
        } else if self.last.get().elapsed() >= LINES {
            self.last.set(Instant::now());
            let percent = thousandths / 10;
            let (english, chinese) = (text.english, text.chinese);
            self.output.say(&words!("{percent} %: {english}", "{percent} %：{chinese}"));
        }
    }

    /// Tells of a wait: always on a bar, elsewhere where it is long.
    pub(crate) fn waits(&self, waiting: &Waiting<'_>) {
        let text = || waiting.in_language(self.output.language).to_string();
        match &self.bar {
            Some(bar) if waiting.time >= Duration::from_secs(1) => bar.set_message(text()),
            None if waiting.is_long() => self.output.remark(&text()),
            _ => {}
        }
    }

    /// A remark, above the bar where there is one.
    pub(crate) fn remark(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.output.remark(text)),
            None => self.output.remark(text),
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Sum {
    pub(crate) fn of(method: Method<'_>) -> Self {
        let excludes = method.excludes().map(ToOwned::to_owned).collect();
        Self { excludes, ..Self::default() }
    }

    /// What there is of a pull that was given up.
    pub(crate) fn show_kept(&self, output: &Output) {
        let (rows, calls) = (self.rows, self.calls);
        output.say(&words!(
            "{rows} rows of {calls} calls are kept; run the same command again, and it goes on",
            "已保存 {rows} 行（{calls} 次调用）；再运行同一条命令即可接着拉"
        ));
    }

    /// Adds what a run has done; what it left failed is what counts.
    pub(crate) fn add(&mut self, pull: &Pull) {
        let report = pull.report();
        self.rows += report.rows;
        self.calls += report.calls;
        self.least_calls += report.least_calls;
        self.windows += report.windows;
        self.failed = report.failed;
    }

    /// The result: a table, or a JSON document.
    pub(crate) fn show(&self, method: &str, to: &str, output: &Output) {
        if output.json {
            let failed: Vec<_> = self
                .failed
                .iter()
                .map(|failed| {
                    json!({
                        "since": failed.since.to_string(),
                        "until": failed.until.to_string(),
                        "why": failed.why.to_string(),
                        "why_zh": failed.why.zh().to_string(),
                    })
                })
                .collect();
            output.json(json!({
                "ok": self.failed.is_empty() && !self.is_cut_short,
                "method": method,
                "to": to,
                "rows": self.rows,
                "windows": self.windows,
                "calls": self.calls,
                "least_calls": self.least_calls,
                "odd_values": self.odd,
                "complete": !self.is_cut_short,
                "excludes": self.excludes,
                "failed": failed,
            }));
            return;
        }
        let language = output.language;
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED);
        table.set_header(either(
            language,
            ["rows", "windows", "calls", "least calls", "failed"],
            ["行", "窗口", "调用", "最少调用", "失败"],
        ));
        let failed = self.failed.len() as u64;
        table.add_row([self.rows, self.windows, self.calls, self.least_calls, failed]);
        for column in table.column_iter_mut() {
            column.set_cell_alignment(CellAlignment::Right);
        }
        output.text(&format!("{method} → {to}\n{table}\n"));
        for failed in &self.failed {
            let head = styled(BAD, either(language, "failed", "失败"));
            let (since, until, why) = (failed.since, failed.until, failed.why.text(language));
            output.text(&either(
                language,
                format!("{head} {since} to {until}: {why}\n"),
                format!("{head} {since} 至 {until}：{why}\n"),
            ));
        }
        if !self.failed.is_empty() {
            output.say(&words!(
                "run the same command again: it reads what failed first",
                "再运行同一条命令，会先补失败的部分"
            ));
        }
        if self.odd > 0 {
            let odd = self.odd;
            output.say(&words!(
                "{odd} values are not of their documented type: kept as they came, in the column _more",
                "有 {odd} 个值与文档的类型不符：原样保存在 _more 列"
            ));
        }
        if !self.excludes.is_empty() {
            let english = self.excludes.join(", ");
            let chinese = self.excludes.join("、");
            output.say(&words!(
                "not among them, as the platform leaves them out: orders of {english}",
                "平台不返回这些平台的单据，结果里没有：{chinese}"
            ));
        }
        if self.is_cut_short {
            output.say(&words!(
                "stopped: run the same command again, and it goes on",
                "已中止：再运行同一条命令即可接着拉"
            ));
        }
    }
}
