//! The rows as the control routes show them: what there is, and each row as it is now.

use bytes::Bytes;
use wdt_proto::json::Writer;

use super::table::Content;
use super::{AllRows, Queried, Query, beijing};
use crate::clock::Moment;

/// Rows that are written at once.
const LINES: u32 = 256;

impl AllRows {
    /// What there is of each method.
    pub(crate) fn write_list(&self, now: Moment) -> Vec<u8> {
        let mut out = Writer::default();
        out.begin_object();
        out.key("churn");
        out.string(&self.churn().to_string());
        out.key("order");
        out.string(self.order.as_str());
        out.key("methods");
        out.begin_array();
        for queried in self.methods.values() {
            let mut queried = super::lock(queried);
            queried.table.catch_up(now.unix_millis());
            queried.write(&mut out);
        }
        out.end_array();
        out.end_object();
        out.into_bytes()
    }
}

impl Queried {
    pub(super) fn write(&self, out: &mut Writer) {
        let integer = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let content = &self.table.content;
        out.begin_object();
        out.key("method");
        out.string(self.method.name());
        out.key("title");
        out.string(self.method.title());
        out.key("rows");
        out.integer(integer(content.len()));
        out.key("changed_rows");
        out.integer(integer(content.changed_rows()));
        out.key("changes");
        out.integer(i64::try_from(self.table.changes).unwrap_or(i64::MAX));
        for (name, entry) in
            [("first_change", self.table.order.first()), ("last_change", self.table.order.last())]
        {
            out.key(name);
            match entry {
                Some((time, _)) => out.string(&beijing(*time)),
                None => out.null(),
            }
        }
        out.key("queries");
        out.begin_array();
        for query in &self.last {
            query.write(out);
        }
        out.end_array();
        out.end_object();
    }
}

impl Query {
    fn write(&self, out: &mut Writer) {
        out.begin_object();
        out.key("time");
        out.string(&self.time);
        let (since, until) = self.span;
        for (name, time, is_open) in
            [("since", since, since == 0), ("until", until, until == u32::MAX)]
        {
            out.key(name);
            if is_open { out.null() } else { out.string(&beijing(time)) }
        }
        out.key("by");
        out.string(if self.by_change { "modified" } else { "created" });
        out.key("filters");
        out.begin_array();
        for filter in &self.filters {
            out.string(filter);
        }
        out.end_array();
        for (name, value) in [
            ("page_no", self.pager.map(|pager| i64::from(pager.page_no()))),
            ("page_size", self.pager.map(|pager| i64::from(pager.page_size()))),
            ("found", i64::try_from(self.found).ok()),
            ("returned", i64::try_from(self.returned).ok()),
        ] {
            out.key(name);
            match value {
                Some(value) => out.integer(value),
                None => out.null(),
            }
        }
        out.end_object();
    }
}

/// The rows as they were when this was made, written as somebody takes them.
pub(crate) struct Lines {
    content: Content,
    next: u32,
}

impl Lines {
    pub(super) fn new(content: Content) -> Self {
        Self { content, next: 0 }
    }

    /// The next rows, one a line.
    pub(crate) fn next(&mut self) -> Option<Bytes> {
        let all = u32::try_from(self.content.len()).unwrap_or(u32::MAX);
        let end = self.next.saturating_add(LINES).min(all);
        if self.next == end {
            return None;
        }
        let mut lines = Vec::with_capacity(LINES as usize * 2_048);
        for number in self.next..end {
            let row = self.content.row(number);
            let mut out = Writer::with_capacity(2_048);
            out.begin_object();
            out.key("created");
            out.string(&beijing(row.begun));
            out.key("modified");
            out.string(&beijing(row.changed));
            out.key("changes");
            out.integer(row.changes.into());
            out.key("row");
            self.content.plan.write(&mut out, &row);
            out.end_object();
            lines.append(&mut out.into_bytes());
            lines.push(b'\n');
        }
        self.next = end;
        Some(lines.into())
    }
}
