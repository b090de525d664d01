//! `wdt pull`: all rows of a span of time into a file or a database, each once, resumable.
//!
//! Which call is next is the core's ([`Pull`]), as is each call's fate ([`caller`]); where rows are
//! kept is a [`sink`].

mod caller;
mod columns;
mod keeper;
mod sink;
mod told;

use std::io;
use std::thread;
use std::time::Duration;

use wdt_proto::catalogue::Catalogue;
use wdt_proto::session::{ExchangeError, Moment, Pull, PullError, PullOptions, Retry};
use wdt_proto::{ErrorKind, Request};

use self::caller::{Caller, Ended};
use self::columns::Table;
use self::keeper::Keeper;
use self::sink::Shape;
use self::told::{Sum, Told};
use crate::args;
use crate::call::remark_open;
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::issues::issue_line;
use crate::output::Output;
use crate::signed::{self, Unsigned};
use crate::words::{Words, said, words};

static BUILTIN: Catalogue = Catalogue::new();

/// How long `--follow` waits for something new.
const FOLLOW: Duration = Duration::from_secs(60);

/// `wdt pull`
pub(crate) fn run(
    args: &args::Pull,
    settings: &Settings,
    output: &Output,
) -> Result<Exit, Failure> {
    let owned = settings.credentials()?;
    let endpoint = settings.endpoint()?.ok_or_else(signed::no_base)?;
    if [&args.method, &args.args].iter().any(|text| output.mask().holds(text)) {
        return Err(signed::leaking());
    }
    let method = Pull::method(&BUILTIN, &args.method).map_err(|error| refused(&error))?;
    let table = Table::of(method);
    let shape = Shape {
        method: &args.method,
        table: &table,
        key: method.row_key().map(ToOwned::to_owned).collect(),
        is_whole: method.span().is_none(),
    };
    let since = moment(&args.since, "--since")?;
    let until = args.until.as_deref().map(|until| moment(until, "--until")).transpose()?;
    // Refused before anything is opened.
    let begun = |state: Option<&str>, now: Moment| {
        let options = PullOptions {
            page_size: args.page_size,
            lag: args.lag,
            overlap: args.overlap,
            account: owned.credentials.sid().to_owned(),
        };
        let (filters, until) = (args.args.as_str(), until.unwrap_or(now));
        let pull = match state {
            None => Pull::new(method, filters, since, until, now, options),
            Some(state) => Pull::resume(method, filters, since, until, now, options, state),
        };
        pull.map_err(|error| refused(&error))
    };
    begun(None, since)?;
    let (sink, _lock) = sink::open(&args.to, args.state.as_deref(), &shape)?;
    if !output.json {
        remark_open(endpoint.as_str(), output);
    }
    let retry = Retry { attempts: args.attempts, ..rested(args.rest) };
    let signals = |error: io::Error| Failure::file(&words!("signals", "信号"), &error);
    let mut caller =
        Caller::new(&owned.credentials, endpoint, retry, args.per_minute).map_err(signals)?;
    let told = Told::new(output);
    let mut sum = Sum::of(method);
    let mut state = sink.state().map(ToOwned::to_owned);
    let ended = thread::scope(|scope| {
        let mut keeper = Keeper::start(scope, sink, &shape);
        loop {
            let mut pull = begun(state.as_deref(), Moment::from_unix(caller.unix()))?;
            let (caller, sum) = (&mut caller, &mut sum);
            let mut run = Run { args, shape: &shape, caller, told: &told, sum, output };
            let ended = run.go(&mut pull, &mut keeper);
            // What was taken is kept, however it ended.
            let kept = keeper.flush().map_err(|error| failed(args, &error));
            run.sum.add(&pull);
            ended?;
            let kept = kept?;
            run.sum.odd = kept.odd;
            state = kept.state;
            let is_done = run.caller.is_stopped() || !args.follow;
            if is_done || !run.caller.sleep(FOLLOW) {
                return Ok(());
            }
        }
    });
    told.end();
    if let Err(unsigned) = ended {
        if !output.json && sum.calls > 0 {
            sum.show_kept(output);
        }
        return Unsigned::end(unsigned, &args.method, output);
    }
    sum.show(&args.method, &args.to.display().to_string(), output);
    let is_fine = sum.failed.is_empty() && !sum.is_cut_short;
    Ok(if is_fine { Exit::Fine } else { Exit::Problem })
}

/// One run, from its first call to its last.
struct Run<'r, 'a> {
    args: &'r args::Pull,
    shape: &'r Shape<'r>,
    caller: &'r mut Caller<'a>,
    told: &'r Told<'r>,
    sum: &'r mut Sum,
    output: &'r Output,
}

impl Run<'_, '_> {
    fn go(&mut self, pull: &mut Pull, keeper: &mut Keeper<'_>) -> Result<(), Unsigned> {
        let method = self.args.method.as_str();
        while let Some(ask) = pull.ask() {
            if self.caller.is_stopped() {
                // With --follow that is how it ends.
                self.sum.is_cut_short = !self.args.follow;
                return Ok(());
            }
            let request =
                Request::builder(method).pager(ask.pager).raw_body(ask.body.into_bytes())?;
            if self.sum.calls == 0 && pull.report().calls == 0 {
                self.warn(&request);
            }
            let (told, read) = (self.told, pull.report().windows);
            let came = self.caller.call(&request, told, |data, total| pull.take(data, total));
            let batch = match came {
                Ok(batch) => batch,
                Err(Ended::Stopped) => continue,
                Err(Ended::Failed(error)) if pull.gives_up(error.kind()) => {
                    if self.args.follow && may_pass(&error) {
                        told.remark(&said(&error, self.output.language));
                        return Ok(());
                    }
                    return Err(given_up(&error).into());
                }
                Err(Ended::Failed(error)) => pull.fail(&said(&error, self.output.language)),
            };
            if let Some(batch) = batch {
                // What failed is a batch without rows.
                let is_all = self.shape.is_whole && pull.report().windows > read;
                keeper.keep(batch, is_all).map_err(|error| failed(self.args, &error))?;
            }
            told.progress(pull, self.sum);
        }
        Ok(())
    }

    /// What the catalogue finds odd about the filters: the same of each call.
    fn warn(&self, request: &Request<'_>) {
        if !self.output.json {
            for warning in request.warnings() {
                self.told.remark(&issue_line(warning, self.output.language));
            }
        }
    }
}

/// Whether whoever follows had better wait: the platform is down, or has enough.
fn may_pass(error: &ExchangeError) -> bool {
    matches!(error.kind(), None | Some(ErrorKind::Server | ErrorKind::RateLimit))
}

/// What the next call would meet as well.
fn given_up(error: &ExchangeError) -> Failure {
    let words = Words::of(error);
    match error {
        ExchangeError::Refused { .. } => Failure { exit: Exit::Problem, code: "api", words },
        _ => Failure::transport(words),
    }
}

fn refused(error: &PullError) -> Failure {
    Failure::usage(Words::of(error))
}

fn failed(args: &args::Pull, error: &io::Error) -> Failure {
    Failure::file(&Words::same(args.to.display()), error)
}

fn moment(text: &str, name: &str) -> Result<Moment, Failure> {
    Moment::read(text.trim()).ok_or_else(|| {
        Failure::usage(words!(
            "{name} {text}: expected a time like 2026-11-01 or '2026-11-01 10:00:00', Beijing time",
            "{name} {text}：应为形如 2026-11-01 或 '2026-11-01 10:00:00' 的北京时间"
        ))
    })
}

/// The policy with a rest of so many seconds after a rate limit, or with the vendor's.
fn rested(seconds: Option<u32>) -> Retry {
    match seconds.map(|seconds| Duration::from_secs(seconds.into())) {
        None => Retry::default(),
        Some(rest) => Retry { rest: Some((rest, rest)), ..Retry::default() },
    }
}
