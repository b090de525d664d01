//! `wdt explain`: why a request is refused, told from what was sent. The engine is `wdt_explain`'s;
//! here are the files, and (in `report`) what a terminal and a program are shown.

mod report;

use wdt_explain::{Account, Explainer, Mistake, Sent};

use crate::args::Explain;
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::input::{self, Moment};
use crate::output::Output;
use crate::words::{Words, words};

/// `wdt explain`
pub(crate) fn run(args: &Explain, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let body = match (&args.body, &args.file) {
        (Some(body), _) => input::body(body)?,
        (None, Some(path)) => input::file(path)?,
        (None, None) => {
            return Err(Failure::usage(words!(
                "give the body: a file, -, or --body TEXT",
                "请给出请求体：文件、-，或 --body 文本"
            )));
        }
    };
    let signed_body = args.signed_body.as_deref().map(input::body).transpose()?;
    let owned = settings.credentials()?;
    let (sid, key) = (owned.credentials.sid(), owned.credentials.key());
    let account = Account::new(sid, key, owned.app_secret())
        .map_err(|error| Failure::credentials(Words::of(&error)))?;
    let sent = match Sent::parse(&args.url, body) {
        Ok(sent) => sent,
        Err(error) => {
            let Some(mistake) = Mistake::of_unreadable(&error) else {
                return Err(Failure::usage(Words::of(&error)));
            };
            report::unreadable(&mistake, output);
            return Ok(Exit::Problem);
        }
    };
    let now = args.now.unwrap_or_else(Moment::now).unix();
    let mut explainer = Explainer::new(&account, now).level(args.level.level);
    if args.now.is_some() {
        explainer = explainer.sent_now();
    }
    if let Some(signed_body) = &signed_body {
        explainer = explainer.signed_body(signed_body);
    }
    let found = explainer.explain(&sent);
    report::write(&sent, &found, output);
    Ok(if found.is_right() { Exit::Fine } else { Exit::Problem })
}
