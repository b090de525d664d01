//! Faults on demand: what real life does to a call.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wdt_proto::{Bilingual, Language, Refusal, Worded};

use crate::why::Why;

/// A fault that a request can meet in place of its answer.
///
/// ```
/// use wdt_sandbox::{Fault, Faults};
///
/// let faults: Faults = "http_502=0.05".parse()?;
/// assert!(faults.to_string().starts_with(Fault::Http502.as_str()));
/// # Ok::<(), wdt_sandbox::FaultSpecError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Status 100, 超过每分钟最大调用频率限制; no effect.
    RateLimit,
    /// HTML of a gateway, before or after the platform handled the request.
    Http502,
    /// Status 4, 数据库错误; no effect.
    Server,
    /// Status 7, 时间戳错误; no effect.
    Clock,
    /// The connection ends without an answer, before or after the platform handled the request.
    Cut,
}

/// All of them, in the order in which they are drawn and printed.
const ALL: [Fault; 5] = [Fault::RateLimit, Fault::Http502, Fault::Server, Fault::Clock, Fault::Cut];

impl Fault {
    /// As `--fault` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::Http502 => "http_502",
            Self::Server => "server",
            Self::Clock => "clock",
            Self::Cut => "cut",
        }
    }

    /// What the platform answers, of the faults that are an answer.
    pub(crate) fn refusal(self) -> Option<Refusal> {
        match self {
            Self::RateLimit => Some(Refusal::RATE_LIMIT),
            Self::Server => Some(Refusal::DATABASE),
            Self::Clock => Some(Refusal::CLOCK),
            Self::Http502 | Self::Cut => None,
        }
    }
}

/// Which faults to inject, and how often.
///
/// ```
/// use wdt_sandbox::Faults;
///
/// let faults: Faults = "rate_limit=0.1,http_502=0.05,slow=200ms@0.5".parse()?;
/// assert_eq!(faults.to_string(), "rate_limit=0.1,http_502=0.05,slow=200ms@0.5");
/// assert!("rate_limit=0.9,cut=0.2".parse::<Faults>().is_err(), "more than 1 together");
/// # Ok::<(), wdt_sandbox::FaultSpecError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// In the order of [`ALL`].
    probabilities: [f64; ALL.len()],
    slow: Option<Slow>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Slow {
    by: Duration,
    probability: f64,
}

/// What one request meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) fault: Option<Fault>,
    /// Of [`Fault::Http502`] and [`Fault::Cut`]: whether the platform handles the request first.
    pub(crate) handled_first: bool,
    pub(crate) delay: Option<Duration>,
}

impl Faults {
    /// Draws for one request; always takes the same number of draws, so that a change of one
    /// probability does not shift the others' sequence.
    pub(crate) fn draw(&self, random: &mut fastrand::Rng) -> Drawn {
        let (mut fault_draw, slow_draw) = (random.f64(), random.f64());
        let handled_first = random.bool();
        let mut fault = None;
        for (kind, probability) in ALL.into_iter().zip(self.probabilities) {
            if fault_draw < probability {
                fault = Some(kind);
                break;
            }
            fault_draw -= probability;
        }
        let delay = self.slow.filter(|slow| slow_draw < slow.probability).map(|slow| slow.by);
        Drawn { fault, handled_first, delay }
    }

    fn set(&mut self, part: &str) -> Result<(), Why> {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            Why::new(format!("{part:?} is not name=value"), format!("{part:?} 不是“名称=值”"))
        })?;
        if name == "slow" {
            self.slow = Some(value.parse()?);
            return Ok(());
        }
        let place = ALL.iter().position(|fault| fault.as_str() == name).ok_or_else(|| {
            let known: Vec<_> = ALL.iter().map(|fault| fault.as_str()).collect();
            let known = known.join(", ");
            Why::new(
                format!("there is no fault {name:?}: {known}, slow"),
                format!("没有名为 {name:?} 的故障：{known}, slow"),
            )
        })?;
        self.probabilities[place] = probability(value)?;
        Ok(())
    }
}

impl FromStr for Faults {
    type Err = FaultSpecError;

    fn from_str(spec: &str) -> Result<Self, FaultSpecError> {
        let mut faults = Self::default();
        for part in spec.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            faults.set(part).map_err(FaultSpecError)?;
        }
        // A sum of decimal fractions may miss 1 by a hair.
        if faults.probabilities.iter().sum::<f64>() > 1.0 + 1e-9 {
            return Err(FaultSpecError(Why::new(
                "the probabilities, slow apart, add up to more than 1",
                "除 slow 外，概率之和超过 1",
            )));
        }
        Ok(faults)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = ALL.iter().zip(self.probabilities).filter(|(_, probability)| *probability > 0.0);
        let mut parts: Vec<_> =
            set.map(|(fault, probability)| format!("{}={probability}", fault.as_str())).collect();
        if let Some(Slow { by, probability }) = self.slow {
            parts.push(format!("slow={}ms@{probability}", by.as_millis()));
        }
        f.write_str(&parts.join(","))
    }
}

impl FromStr for Slow {
    type Err = Why;

    /// `200ms`, `1.5s`, either with `@probability`.
    fn from_str(text: &str) -> Result<Self, Why> {
        /// Longer than any client waits; a bound all the same.
        const LONGEST: Duration = Duration::from_secs(600);
        let (time, often) = text.split_once('@').unwrap_or((text, "1"));
        let wrong = || {
            Why::new(
                format!("slow={text}: expected a time, 200ms or 1.5s, at most 600s"),
                format!("slow={text}：应为时长，如 200ms 或 1.5s，最多 600s"),
            )
        };
        let (digits, unit) = match time.strip_suffix("ms") {
            Some(digits) => (digits, 0.001),
            None => (time.strip_suffix('s').ok_or_else(wrong)?, 1.0),
        };
        let seconds: f64 = digits.parse().map_err(|_| wrong())?;
        let by = Duration::try_from_secs_f64(seconds * unit).map_err(|_| wrong())?;
        if by > LONGEST {
            return Err(wrong());
        }
        Ok(Self { by, probability: probability(often)? })
    }
}

fn probability(text: &str) -> Result<f64, Why> {
    match text.parse() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err(Why::new(
            format!("{text:?} is not a probability from 0 to 1"),
            format!("{text:?} 不是 0 到 1 之间的概率"),
        )),
    }
}

/// What is wrong with a fault specification.
///
/// ```
/// use wdt_sandbox::Faults;
///
/// let error = "cut=2".parse::<Faults>().unwrap_err();
/// assert!(error.to_string().starts_with("faults: "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultSpecError(Why);

impl FaultSpecError {
    /// The text in Chinese. `Display` writes it in English.
    #[must_use]
    pub fn zh(&self) -> Worded<'_, Self> {
        self.in_language(Language::Chinese)
    }
}

impl Bilingual for FaultSpecError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match language {
            Language::Chinese => write!(f, "故障规格：{}", self.0.chinese),
            _ => write!(f, "faults: {}", self.0.english),
        }
    }
}

impl fmt::Display for FaultSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Language::English, f)
    }
}

impl std::error::Error for FaultSpecError {}

/// The faults in force, which may be changed while calls come in.
#[derive(Debug)]
pub(crate) struct Injector(Mutex<(Faults, fastrand::Rng)>);

impl Injector {
    pub(crate) fn new(faults: Faults, seed: Option<u64>) -> Self {
        Self(Mutex::new((faults, random(seed))))
    }

    pub(crate) fn draw(&self) -> Drawn {
        let (faults, random) = &mut *self.lock();
        faults.draw(random)
    }

    /// Other faults; a seed begins the draws anew.
    pub(crate) fn replace(&self, faults: Faults, seed: Option<u64>) {
        let mut inner = self.lock();
        inner.0 = faults;
        if seed.is_some() {
            inner.1 = random(seed);
        }
    }

    pub(crate) fn current(&self) -> Faults {
        self.lock().0.clone()
    }

    fn lock(&self) -> MutexGuard<'_, (Faults, fastrand::Rng)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random(seed: Option<u64>) -> fastrand::Rng {
    seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_as_often_as_asked_and_the_same_again() {
        let faults: Faults = "rate_limit=0.2,cut=0.1,slow=5ms@0.25".parse().unwrap();
        let draw = || {
            let mut random = fastrand::Rng::with_seed(7);
            (0..10_000).map(|_| faults.draw(&mut random)).collect::<Vec<_>>()
        };
        let drawn = draw();
        let count = |is: &dyn Fn(&Drawn) -> bool| drawn.iter().filter(|d| is(d)).count();
        assert!((1_800..2_200).contains(&count(&|d| d.fault == Some(Fault::RateLimit))));
        let cut = |handled_first| {
            count(&|d| d.fault == Some(Fault::Cut) && d.handled_first == handled_first)
        };
        assert!((400..600).contains(&cut(true)) && (400..600).contains(&cut(false)));
        assert!((2_300..2_700).contains(&count(&|d| d.delay == Some(Duration::from_millis(5)))));
        assert_eq!(count(&|d| d.fault == Some(Fault::Clock)), 0);
        assert_eq!(drawn, draw());
    }

    #[test]
    fn a_wrong_specification_is_named() {
        for (spec, named) in [
            ("slow", "name=value"),
            ("speed=1", "rate_limit, http_502, server, clock, cut, slow"),
            ("cut=1.5", "probability"),
            ("cut=NaN", "probability"),
            ("slow=200", "expected a time"),
            ("slow=-1s", "expected a time"),
            ("slow=1e9s", "expected a time"),
            ("cut=0.6,server=0.6", "more than 1"),
        ] {
            let error = spec.parse::<Faults>().unwrap_err().to_string();
            assert!(error.contains(named), "{spec}: {error}");
        }
        assert_eq!(
            "cut=0.1, server=0.9".parse::<Faults>().unwrap().to_string(),
            "server=0.9,cut=0.1"
        );
    }
}
