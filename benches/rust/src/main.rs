//! The Rust contestant. The driver, `benches/contest.py`, says what the commands mean.
#![allow(clippy::unwrap_used, clippy::panic)] // a benchmark that fails should say where

use std::borrow::Cow;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::Instant;

use rust_decimal::Decimal;
use wdt_proto::json::{Event, Reader};
use wdt_proto::stock_sync::{self, SyncInfo};
use wdt_proto::{Credentials, Level, Request, Response, SignedRequest, Timestamp, decimal};

const UNIX_TIME: i64 = 1_775_791_716;

/// The documented example, field by field.
fn documented() -> SyncInfo {
    let decimal = |text: &str| text.parse().unwrap();
    SyncInfo {
        syn_stock: decimal("1"),
        stock_change_count: decimal("2"),
        stock_syn_rule_id: -10_000,
        stock_syn_warehouses: "6".into(),
        stock_syn_percent: 100,
        stock_syn_plus: decimal("1.0000"),
        stock_syn_min: decimal("1.0000"),
        stock_syn_max: decimal("550.0000"),
        is_auto_listing: true,
        is_auto_delisting: true,
        ..SyncInfo::default()
    }
}

/// All sixteen fields, Chinese text among them.
fn sixteen() -> SyncInfo {
    SyncInfo {
        syn_stock: "1.0000".parse().unwrap(),
        stock_change_count: "2.0000".parse().unwrap(),
        stock_syn_other: Some(String::new()),
        stock_syn_warehouses: "6,12".into(),
        is_manual: Some(false),
        ..documented()
    }
    .failed("平台接口限流，稍后重试")
}

/// A reply's data, every value made.
enum Value<'a> {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    Object(Vec<(Cow<'a, str>, Self)>),
}

impl<'a> Value<'a> {
    fn read(reader: &mut Reader<'a>, event: Event) -> Self {
        match event {
            Event::Null => Self::Null,
            Event::Bool(flag) => Self::Bool(flag),
            Event::Number => Self::Number(decimal::parse(reader.token()).unwrap()),
            Event::String => Self::Text(reader.text().decode().unwrap()),
            Event::BeginArray => {
                let mut list = Vec::new();
                loop {
                    match reader.next().unwrap() {
                        Event::EndArray => return Self::List(list),
                        event => list.push(Self::read(reader, event)),
                    }
                }
            }
            Event::BeginObject => {
                let mut members = Vec::new();
                while reader.next().unwrap() == Event::Key {
                    let key = reader.text().decode().unwrap();
                    let event = reader.next().unwrap();
                    members.push((key, Self::read(reader, event)));
                }
                Self::Object(members)
            }
            event => panic!("no value: {event:?}"),
        }
    }

    fn get(&self, name: &str) -> &Self {
        match self {
            Self::Object(members) => &members.iter().find(|(key, _)| key == name).unwrap().1,
            _ => panic!("no object"),
        }
    }

    fn rows(&self) -> &[Self] {
        match self {
            Self::List(rows) => rows,
            _ => panic!("no list"),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Bool(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.to_string(),
            Self::List(_) | Self::Object(_) => panic!("no scalar"),
        }
    }
}

fn values(response: Response<'_>) -> Value<'_> {
    let mut reader = Reader::new(response.data().unwrap(), 128);
    let event = reader.next().unwrap();
    Value::read(&mut reader, event)
}

struct Contestant {
    credentials: Credentials,
    documented: SyncInfo,
    raw: Vec<u8>,
    reply: Vec<u8>,
}

impl Contestant {
    fn typed(&self, info: &SyncInfo, level: Level) -> Result<SignedRequest, String> {
        let now = Timestamp::from_unix(UNIX_TIME).unwrap();
        let request = stock_sync::sync_fail(2447, info, level).map_err(|e| e.to_string())?;
        Ok(request.sign(&self.credentials, now))
    }

    fn raw(&self, level: Level) -> SignedRequest {
        let now = Timestamp::from_unix(UNIX_TIME).unwrap();
        let body = self.raw.as_slice();
        let request = Request::builder(stock_sync::SYNC_FAIL).level(level).raw_body(body);
        request.unwrap().sign(&self.credentials, now)
    }

    fn run(&self, task: &str) {
        match task {
            "typed" => drop(black_box(self.typed(black_box(&self.documented), Level::Off))),
            "valid" => drop(black_box(self.typed(black_box(&self.documented), Level::Documented))),
            "raw" => drop(black_box(self.raw(Level::Off))),
            "raw_valid" => drop(black_box(self.raw(Level::Documented))),
            "parse" => drop(black_box(Response::parse(black_box(&self.reply)))),
            "values" => drop(black_box(values(Response::parse(black_box(&self.reply)).unwrap()))),
            "serde_json" => {
                drop(black_box(serde_json::from_slice::<serde_json::Value>(&self.reply).unwrap()));
            }
            other => panic!("no task {other}"),
        }
    }

    fn show(&self, task: &str, value: Option<&str>) -> String {
        let mut info = if task == "sixteen" { sixteen() } else { documented() };
        if let Some(value) = value {
            info.syn_stock = value.parse().unwrap();
        }
        let request = match task {
            "typed" | "sixteen" => self.typed(&info, Level::Off),
            "valid" => self.typed(&info, Level::Documented),
            "raw" => Ok(self.raw(Level::Off)),
            "raw_valid" => Ok(self.raw(Level::Documented)),
            "serde_json" => {
                let all: serde_json::Value = serde_json::from_slice(&self.reply).unwrap();
                let goods = all["data"]["goods_list"].as_array().unwrap();
                let price = &goods[0]["spec_list"][0]["retail_price"];
                let last = &goods[goods.len() - 1]["spec_list"][2]["barcode"];
                return format!("{}\t{price}\t{}", goods.len(), last.as_str().unwrap());
            }
            _ => {
                let all = values(Response::parse(&self.reply).unwrap());
                let goods = all.get("goods_list").rows();
                let price = goods[0].get("spec_list").rows()[0].get("retail_price").text();
                let last = goods[goods.len() - 1].get("spec_list").rows()[2].get("barcode").text();
                return format!("{}\t{price}\t{last}", goods.len());
            }
        };
        match request {
            Ok(request) => {
                format!("{}\t{}", request.query(), String::from_utf8_lossy(request.body()))
            }
            Err(refused) => format!("!{}", refused.replace('\n', "; ")),
        }
    }
}

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let contestant = Contestant {
        credentials: Credentials::new("wdtapi3", "appkey", "testsecret:testsalt").unwrap(),
        documented: documented(),
        raw: std::fs::read(folder.join("raw.json")).unwrap(),
        reply: std::fs::read(folder.join("reply.json")).unwrap(),
    };
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        let answer = match words.as_slice() {
            ["run", task, times] => {
                let times: u64 = times.parse().unwrap();
                let start = Instant::now();
                for _ in 0..times {
                    contestant.run(task);
                }
                start.elapsed().as_nanos().to_string()
            }
            ["show", task, value @ ..] => contestant.show(task, value.first().copied()),
            other => panic!("no command {other:?}"),
        };
        println!("{answer}");
        std::io::stdout().flush().unwrap();
    }
}
