//! A platform that is simulated: rows with a time of their last change, asked for by span and page.

use std::collections::{BTreeMap, BTreeSet};

use wdt_proto::catalogue::{Catalogue, Method};
use wdt_proto::session::{Moment, Pull};

/// A generator of numbers, the same for the same seed (xorshift).
pub struct Chance(u64);

impl Chance {
    pub const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n.max(1)
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        n > 0 && self.below(n) == 0
    }
}

/// In which order a reply has its rows: no page of the vendor's says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Time,
    Key,
    Shuffled,
    Newest,
}

/// Which ends of a span belong to it: no page of the vendor's says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Both,
    Start,
    End,
}

/// How a method's calls and rows are written.
#[derive(Debug, Clone)]
pub struct Names {
    pub from: String,
    pub to: String,
    /// Empty where the data is the list.
    pub list: String,
    /// `None` where the rows have none.
    pub key: Option<String>,
    pub time: String,
    /// A day where the method counts days.
    pub unit: i64,
}

impl Names {
    pub fn of(method: Method<'_>) -> Self {
        let span = method.span().unwrap();
        Self {
            from: span.start().into(),
            to: span.end().into(),
            list: method.rows().unwrap().into(),
            key: method.row_key().next().map(Into::into),
            time: span.row_field().into(),
            unit: if span.precision() == "days" { 86_400 } else { 1 },
        }
    }
}

#[derive(Debug, Clone)]
pub struct Platform {
    pub names: Names,
    /// Second of the last change and version, by id.
    pub rows: BTreeMap<u64, (i64, u32)>,
    by_time: BTreeSet<(i64, u64)>,
    /// Rows that show another time than that by which they are found.
    pub shown: BTreeMap<u64, i64>,
    pub order: Order,
    pub ends: Ends,
    /// A longer span is refused.
    pub longest: Option<i64>,
    /// The spans that were asked for.
    pub asked: Vec<(i64, i64)>,
}

impl Platform {
    pub fn new(names: Names, order: Order, ends: Ends, longest: Option<i64>) -> Self {
        let (rows, by_time) = Default::default();
        Self { names, rows, by_time, shown: BTreeMap::new(), order, ends, longest, asked: vec![] }
    }

    pub fn set(&mut self, id: u64, at: i64, version: u32) {
        self.remove(id);
        self.rows.insert(id, (at, version));
        self.by_time.insert((at, id));
    }

    pub fn remove(&mut self, id: u64) {
        if let Some((at, _)) = self.rows.remove(&id) {
            self.by_time.remove(&(at, id));
        }
    }

    /// The page that the arguments ask for, as a reply's data, and the total.
    pub fn answer(&mut self, body: &str, size: u64, page: u64) -> (String, u64) {
        let args: Vec<BTreeMap<String, serde_json::Value>> = serde_json::from_str(body).unwrap();
        let at = |name: &str| Moment::read(args[0][name].as_str().unwrap()).unwrap().unix();
        let (from, to) = (at(&self.names.from), at(&self.names.to));
        assert!(from < to && self.longest.is_none_or(|longest| to - from <= longest), "{body}");
        self.asked.push((from, to));
        let (ids, total) = self.page(from, to, size, page);
        let rows: Vec<String> = ids.into_iter().map(|id| self.text(id)).collect();
        let list = format!("[{}]", rows.join(","));
        let data = match &*self.names.list {
            "" => list,
            name => format!(r#"{{"{name}":{list},"total_count":{total}}}"#),
        };
        (data, total)
    }

    /// The rows of a page of a span, and how many the span has.
    pub fn page(&self, from: i64, to: i64, size: u64, page: u64) -> (Vec<u64>, u64) {
        let unit = self.names.unit;
        // Days are Beijing's.
        let begun = |at: i64| at - (at + 8 * 3600).rem_euclid(unit);
        let is_in = |at: i64| match self.ends {
            Ends::Both => from <= at && at <= to,
            Ends::Start => from <= at && at < to,
            Ends::End => from < at && at <= to,
        };
        let near = self.by_time.range((from, 0)..=(to + unit - 1, u64::MAX));
        let mut found: Vec<(i64, u64)> =
            near.filter(|(at, _)| is_in(begun(*at))).copied().collect();
        match self.order {
            Order::Time => {}
            Order::Key => found.sort_by_key(|(_, id)| *id),
            Order::Newest => found.sort_by_key(|(at, id)| (-*at, *id)),
            Order::Shuffled => found.sort_by_key(|(_, id)| id.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        }
        let total = found.len() as u64;
        let [skip, take] = [size * page, size].map(|n| usize::try_from(n).unwrap());
        let rows = found.into_iter().skip(skip).take(take);
        (rows.map(|(_, id)| id).collect(), total)
    }

    fn text(&self, id: u64) -> String {
        let (at, version) = self.rows[&id];
        let Names { key, time, .. } = &self.names;
        let at = Moment::from_unix(self.shown.get(&id).copied().unwrap_or(at));
        let key = key.as_ref().map_or(String::new(), |key| format!(r#""{key}":{id},"#));
        format!(r#"{{{key}"{time}":"{at}","version":{version}}}"#)
    }

    /// Answers what a pull asks for; `told` makes of the total what the reply says.
    pub fn serve(
        &mut self,
        pull: &mut Pull,
        told: impl FnOnce(u64) -> Option<u64>,
    ) -> Option<wdt_proto::session::Batch> {
        let ask = pull.ask().unwrap();
        let [size, page] =
            [i64::from(ask.pager.page_size()), ask.pager.page_no().into()].map(i64::unsigned_abs);
        let (data, total) = self.answer(&ask.body, size, page);
        pull.take(&data, if ask.pager.calc_total() { told(total) } else { None })
    }
}

/// A catalogue of one query, `m.search`, whose spans may have so many minutes.
pub fn catalogue(minutes: i64) -> Catalogue {
    let mut catalogue = Catalogue::new();
    catalogue
        .register(&format!(
            r#"{{"method":"m.search","title":"t","documented":true,"writes":false,"paged":true,
            "rows":"order","row_key":["id"],"max_span":{{"minutes":{minutes}}},
            "span":{{"from":"start_time","to":"end_time","filters_on":"modified","row_field":"modified"}},
            "params":[{{"name":"params","label":"","type":"object","required":true,"fields":[
              {{"name":"start_time","label":"","type":"datetime","required":true,"span_to":"end_time"}},
              {{"name":"end_time","label":"","type":"datetime","required":true}}]}}],
            "response":[{{"name":"data","label":"","type":"object","required":true,"fields":[
              {{"name":"order","label":"","type":"list<object>","required":true,"fields":[
                {{"name":"id","label":"","type":"long","required":true}},
                {{"name":"modified","label":"","type":"datetime","required":true}}]}}]}}]}}"#
        ))
        .unwrap();
    catalogue
}
