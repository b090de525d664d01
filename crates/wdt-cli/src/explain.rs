//! `wdt explain`: why a request is refused, told from what was sent. The engine is `wdt_explain`'s;
//! here are the files, and (in `report`) what a terminal and a program are shown.

mod report;

use wdt_explain::{Account, Explainer, Mistake, Sent};
use wdt_proto::{Bilingual as _, Language};

use crate::args::Explain;
use crate::credentials::Settings;
use crate::failure::{Exit, Failure};
use crate::input::{self, Moment};
use crate::output::Output;

/// `wdt explain`
pub(crate) fn run(args: &Explain, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let language = Language::of_environment(|name| std::env::var(name).ok());
    let body = match (&args.body, &args.file) {
        (Some(body), _) => input::body(body)?,
        (None, Some(path)) => input::file(path)?,
        (None, None) => return Err(Failure::usage("give the body: a file, -, or --body TEXT")),
    };
    let signed_body = args.signed_body.as_deref().map(input::body).transpose()?;
    let owned = settings.credentials()?;
    let (sid, key) = (owned.credentials.sid(), owned.credentials.key());
    let account = Account::new(sid, key, owned.app_secret())
        .map_err(|error| Failure::credentials(error.text(language).to_string()))?;
    let sent = match Sent::parse(&args.url, body) {
        Ok(sent) => sent,
        Err(error) => {
            let Some(mistake) = Mistake::of_unreadable(&error) else {
                return Err(Failure::usage(error.in_language(language).to_string()));
            };
            report::unreadable(&mistake, language, output);
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
    report::write(&sent, &found, language, output);
    Ok(if found.is_right() { Exit::Fine } else { Exit::Problem })
}
