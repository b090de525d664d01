//! One call, driven by scripts: which attempts are made again, when, and what is never repeated.
#![allow(clippy::unwrap_used, clippy::panic, clippy::unchecked_time_subtraction)] // helpers of tests

use core::num::NonZeroU32;
use core::time::Duration;

use proptest::prelude::*;
use wdt_proto::session::{
    Exchange, ExchangeError, Fate, Limiter, Now, Outcome, Paced, PacedStep, Reply, Retry,
    ServerClock, Step, Turn,
};
use wdt_proto::{ErrorKind, Limits};

const UNIX: i64 = 1_800_000_000;

/// A transport, a clock and a limiter that are all made up.
struct World {
    at: Duration,
    chance: u32,
    clock: ServerClock,
    limiter: Limiter,
    sent: Vec<(Duration, i64)>,
}

#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: &'static str,
    takes: u64,
}

#[derive(Debug, Clone)]
enum Came {
    Reply(Answer),
    Fault(Fate),
}

const RATE_LIMIT: &str = r#"{"status":100,"message":"超过每分钟最大调用频率限制"}"#;
const CLOCK: &str = r#"{"status":7,"message":"时间戳错误"}"#;
const OK: &str = r#"{"status":0,"data":1}"#;

fn answer(status: u16, body: &'static str) -> Answer {
    Answer { status, headers: Vec::new(), body, takes: 0 }
}

impl Answer {
    fn with(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

impl World {
    fn new() -> Self {
        let limiter = Limiter::new(NonZeroU32::new(60).unwrap());
        let at = Duration::from_secs(1000);
        Self { at, chance: 1 << 31, clock: ServerClock::default(), limiter, sent: Vec::new() }
    }

    fn now(&self) -> Now {
        let unix_ms = UNIX * 1000 + i64::try_from(self.at.as_millis()).unwrap() - 1_000_000;
        Now { at: self.at, unix_ms, chance: self.chance }
    }

    /// Drives a call as a binding does, without waiting.
    fn drive(
        &mut self,
        call: Exchange,
        mut answers: impl FnMut(usize) -> Came,
    ) -> Result<String, ExchangeError> {
        let mut call = Paced::new(call);
        loop {
            let now = self.now();
            match call.step(Some(&mut self.limiter), now)? {
                None => panic!("a call that is over was asked"),
                Some(PacedStep::Wait { until, .. }) => {
                    assert!(until > self.at, "a wait that is over");
                    self.at = until;
                }
                Some(PacedStep::Send { .. }) => {
                    self.sent.push((self.at, self.clock.unix(now.unix_ms)));
                    match answers(self.sent.len() - 1) {
                        Came::Fault(fate) => call.fault(now, fate, "lost", "断了")?,
                        Came::Reply(answer) => {
                            self.at += Duration::from_secs(answer.takes);
                            let headers: Vec<_> =
                                answer.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
                            let body = answer.body.as_bytes();
                            let reply = Reply { status: answer.status, headers: &headers, body };
                            let now = self.now();
                            let limiter = Some(&mut self.limiter);
                            if let Some(response) =
                                call.reply(limiter, &mut self.clock, now, reply)?
                            {
                                return Ok(response.data().unwrap_or_default().to_owned());
                            }
                        }
                    }
                }
            }
        }
    }

    fn script(&mut self, writes: bool, answers: &[Answer]) -> Result<String, ExchangeError> {
        let sent = self.sent.len();
        let call = Exchange::new("a.b", writes, Retry::default(), Limits::DEFAULT);
        self.drive(call, |at| Came::Reply(answers[(at - sent).min(answers.len() - 1)].clone()))
    }
}

fn http_date(unix: i64) -> String {
    // 2027-01-15 is the day of UNIX, 8 o'clock.
    let days = (unix - UNIX).div_euclid(86_400);
    assert!((-14..=16).contains(&days), "a day of that month");
    let of_day = (unix - UNIX).rem_euclid(86_400) + 8 * 3600;
    let (day, of_day) = (15 + days + of_day / 86_400, of_day % 86_400);
    format!(
        "Fri, {day:02} Jan 2027 {:02}:{:02}:{:02} GMT",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}

#[test]
fn a_date_more_than_a_day_away_is_not_believed() {
    for (ahead, is_believed) in [(86_400, true), (-86_400, true), (86_401, false), (-90_000, false)]
    {
        let mut world = World::new();
        let wrong = answer(200, CLOCK).with("Date", &http_date(UNIX + ahead));
        let came = world.script(true, &[wrong, answer(200, OK)]);
        if is_believed {
            assert_eq!(came.unwrap(), "1");
            assert_eq!(world.sent[1].1, UNIX + ahead);
        } else {
            let error = came.unwrap_err();
            assert_eq!(error.kind(), Some(ErrorKind::Timestamp));
            assert!(error.to_string().contains("too far to be believed"), "{error}");
            assert!(error.zh().to_string().contains("不予采信"), "{}", error.zh());
            assert_eq!((world.sent.len(), world.clock.offset_ms()), (1, 0));
        }
    }
    let mut world = World::new();
    let next_year = answer(200, CLOCK).with("date", &"Sat, 15 Jan 2028 08:00:00 GMT");
    assert!(world.script(true, &[next_year]).is_err());
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn what_a_server_asks_for_is_bounded_for_all_others() {
    for wish in ["86400", "99999999999", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"]
    {
        let mut world = World::new();
        let came = world.script(false, &[answer(200, RATE_LIMIT).with("Retry-After", &wish)]);
        assert_eq!(came.unwrap_err().kind(), Some(ErrorKind::RateLimit));
        assert_eq!(world.sent.len(), 1, "that is past what this call may take");
        let began = world.at;
        assert_eq!(world.script(false, &[answer(200, OK)]).unwrap(), "1");
        assert_eq!(world.at - began, Duration::from_secs(600), "the longest rest, no longer");
    }
}

#[test]
fn a_wish_for_no_rest_does_not_hurry() {
    for wish in ["0", "Mon, 01 Jan 2024 00:00:00 GMT"] {
        let mut world = World::new();
        let came = world.script(false, &[answer(200, RATE_LIMIT).with("Retry-After", &wish)]);
        assert_eq!(came.unwrap_err().kind(), Some(ErrorKind::RateLimit));
        let gaps: Vec<u128> =
            world.sent.windows(2).map(|pair| (pair[1].0 - pair[0].0).as_millis()).collect();
        assert_eq!(gaps, [250, 500, 1000, 2000], "the back-off, with half of the chance");
    }
}

#[test]
fn the_limiter_learns_of_the_last_attempt_too() {
    let mut world = World::new();
    let retry = Retry { attempts: 1, ..Retry::default() };
    let call = Exchange::new("a.b", false, retry, Limits::DEFAULT);
    assert!(world.drive(call, |_| Came::Reply(answer(200, RATE_LIMIT))).is_err());
    let began = world.at;
    assert_eq!(world.script(false, &[answer(200, OK)]).unwrap(), "1");
    assert_eq!(world.at - began, Duration::from_secs(450));
}

#[test]
fn attempts_end_in_time_and_an_attempt_has_a_bound() {
    let mut world = World::new();
    let slow = Answer { takes: 200, ..answer(503, "") };
    assert!(world.script(false, &[slow]).is_err());
    assert!(world.sent.last().unwrap().0 - world.sent[0].0 <= Duration::from_secs(900));
    let mut call = Exchange::new("a.b", false, Retry::default(), Limits::DEFAULT);
    call.turn(world.now());
    let until = world.at + Duration::from_secs(300);
    assert_eq!(call.step(world.now()), Some(Step::Send { until }));
}

#[test]
fn a_method_that_writes_says_that_it_may_have_taken_effect() {
    for status in [302, 500, 504] {
        let mut world = World::new();
        let error = world.script(true, &[answer(status, OK)]).unwrap_err();
        let ExchangeError::Transport(error) = &error else { panic!("{error}") };
        assert_eq!((error.fate, &error.outcome), (Fate::Unknown, &Outcome::Http { status }));
        assert!(error.to_string().contains("may have taken effect"));
        assert_eq!(world.sent.len(), 1);
    }
    let mut world = World::new();
    let error = world.script(false, &[answer(200, "<html>")]).unwrap_err();
    assert!(matches!(error, ExchangeError::Malformed(_)), "{error}");
    assert_eq!(world.sent.len(), 5);
}

/// Any reply or fault, with odd headers, and whether the call may have been carried out.
fn came() -> impl Strategy<Value = Came> {
    let bodies = prop::sample::select(vec![
        OK,
        RATE_LIMIT,
        CLOCK,
        r#"{"status":4,"message":"数据库错误"}"#,
        r#"{"status":1}"#,
        "",
        "<html>",
        "[",
    ]);
    let headers = prop::sample::select(vec![
        ("Retry-After", "0"),
        ("retry-after", "77"),
        ("RETRY-AFTER", "999999999999999999999999"),
        ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("Date", "Fri, 15 Jan 2027 08:00:09 GMT"),
        ("Date", "soon"),
        ("Server", "x"),
    ]);
    let status = prop::sample::select(vec![200_u16, 200, 200, 201, 302, 404, 408, 429, 502]);
    let reply = (status, bodies, prop::collection::vec(headers, 0..3), 0..400_u64);
    prop_oneof![
        4 => reply.prop_map(|(status, body, headers, takes)| {
            let headers = headers.into_iter().map(|(n, v)| (n, v.to_owned())).collect();
            Came::Reply(Answer { status, headers, body, takes })
        }),
        1 => Just(Came::Fault(Fate::NotSent)),
        1 => Just(Came::Fault(Fate::Unknown)),
    ]
}

/// Whether the platform may have carried out a call that was answered like this.
fn may_be_done(came: &Came) -> bool {
    match came {
        Came::Fault(fate) => *fate == Fate::Unknown,
        Came::Reply(answer) => {
            answer.status / 100 != 2
                || !answer.body.starts_with(r#"{"status":"#)
                || answer.body == OK
        }
    }
}

proptest! {
    #[test]
    fn nothing_that_writes_is_sent_again_once_it_may_have_arrived(
        answers in prop::collection::vec(came(), 8),
        writes: bool,
        chance: u32,
        attempts in 1..8_u32,
    ) {
        let mut world = World::new();
        world.chance = chance;
        let retry = Retry { attempts, ..Retry::default() };
        let call = Exchange::new("a.b", writes, retry, Limits::DEFAULT);
        let done: Vec<bool> = answers.iter().map(may_be_done).collect();
        let mut answers = answers.into_iter();
        let result = world.drive(call, |_| answers.next().unwrap());
        let sent = world.sent.len();
        prop_assert!((1..=attempts as usize).contains(&sent));
        if writes {
            prop_assert!(!done[..sent - 1].contains(&true));
        }
        let first = world.sent[0].0;
        prop_assert!(world.sent.iter().all(|(at, _)| *at - first <= retry.max_time));
        if let Err(ExchangeError::Transport(error)) = result {
            prop_assert_eq!(error.fate == Fate::Unknown, done[..sent].contains(&true));
        }
    }

    /// What a limiter gives out, whatever rests and cancellations come between.
    #[test]
    fn no_window_has_more_calls_than_allowed(
        per_minute in 1..8_u32,
        happens in prop::collection::vec((0..40_u8, 0..30_000_u64), 1..150),
    ) {
        let mut limiter = Limiter::new(NonZeroU32::new(per_minute).unwrap());
        let mut now = Duration::ZERO;
        let mut waiting: Vec<Turn> = Vec::new();
        let mut gone: Vec<Duration> = Vec::new();
        let mut rested = Duration::ZERO;
        for (what, ms) in happens {
            now += Duration::from_millis(ms);
            match what {
                0..=19 => waiting.extend(limiter.reserve(now, None)),
                20 => {
                    rested = rested.max(now + Duration::from_millis(ms * 10));
                    limiter.rest(rested);
                }
                21..=24 if !waiting.is_empty() => {
                    limiter.give_back(waiting.swap_remove(what as usize % waiting.len()));
                }
                // All wake, in any order, and those whose turn it is go.
                _ => {
                    if what % 2 == 0 {
                        waiting.reverse();
                    }
                    waiting.retain(|turn| {
                        let goes = limiter.due(*turn, now) <= now;
                        if goes {
                            assert!(now >= rested);
                            gone.push(now);
                        }
                        !goes
                    });
                }
            }
        }
        for pair in gone.windows(per_minute as usize + 1) {
            prop_assert!(pair[per_minute as usize] - pair[0] > Duration::from_secs(60));
        }
    }
}

#[test]
fn three_hundred_that_wait_do_not_leave_at_once_after_a_rest() {
    let seconds = Duration::from_secs;
    let mut limiter = Limiter::default();
    let turns: Vec<Turn> =
        (0..300).map(|_| limiter.reserve(Duration::ZERO, None).unwrap()).collect();
    let mut gone = vec![0_u64; 3000];
    let mut waits: Vec<(Duration, Turn)> =
        turns.iter().map(|turn| (limiter.due(*turn, Duration::ZERO), *turn)).collect();
    waits.retain(|(due, _)| !due.is_zero());
    gone[0] = 300 - waits.len() as u64;
    limiter.rest(seconds(500));
    for (second, gone) in gone.iter_mut().enumerate().skip(1) {
        let now = seconds(second as u64);
        waits.retain_mut(|(due, turn)| {
            if *due <= now {
                *due = limiter.due(*turn, now);
            }
            let goes = *due <= now;
            *gone += u64::from(goes);
            !goes
        });
    }
    let busy: Vec<(usize, u64)> =
        gone.into_iter().enumerate().filter(|(_, count)| *count > 0).collect();
    assert_eq!(busy, [(0, 60), (500, 60), (561, 60), (622, 60), (683, 60)]);
}

#[test]
fn turns_that_were_not_used_go_back() {
    let mut limiter = Limiter::default();
    let turns: Vec<Turn> =
        (0..360).map(|_| limiter.reserve(Duration::ZERO, None).unwrap()).collect();
    assert!(turns[..60].iter().all(|turn| limiter.due(*turn, Duration::ZERO).is_zero()));
    turns[60..].iter().for_each(|turn| limiter.give_back(*turn));
    let now = Duration::from_secs(61);
    let next = limiter.reserve(now, None).unwrap();
    assert_eq!(limiter.due(next, now), now, "the 300 that were given up left no trace");
}
