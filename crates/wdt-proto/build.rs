//! Compiles `catalogue/*.json`, overlays applied, into static tables.

extern crate alloc;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The library's own modules: one format, one compiler.
mod catalogue {
    #![allow(dead_code, unreachable_pub)]
    #[path = "../src/catalogue/compile.rs"]
    pub(crate) mod compile;
    #[path = "../src/catalogue/error.rs"]
    pub(crate) mod error;
    #[path = "../src/catalogue/kind.rs"]
    pub(crate) mod kind;
    #[path = "../src/catalogue/tables.rs"]
    pub(crate) mod tables;
}

#[allow(dead_code, unreachable_pub)]
#[path = "src/language.rs"]
mod language;

use catalogue::compile::{Builder, MethodFile};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=catalogue");
    println!("cargo::rerun-if-changed=src/catalogue");
    println!("cargo::rerun-if-changed=src/language.rs");
    let folder = Path::new("catalogue");
    let mut builder = Builder::default();
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let with_examples = env::var_os("CARGO_FEATURE_EXAMPLES").is_some();
    let mut examples: Vec<(String, Vec<String>)> = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if file.extension().is_none_or(|kind| kind != "json") || name == "exceptions.json" {
            continue;
        }
        add(&mut builder, &file, &folder.join("overlays").join(&name))
            .map_err(|error| format!("{}: {error}", file.display()))?;
        if with_examples {
            let method = name.trim_end_matches(".json").to_owned();
            examples.push((method, replies(&fs::read_to_string(&file)?)?));
        }
    }
    // By name, as the look-up wants it.
    examples.sort();
    let examples: Vec<_> = examples.iter().map(|(name, texts)| (name, Slices(texts))).collect();
    let tables = builder.finish();

    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("catalogue.txt"), tables.text.as_bytes())?;
    // The tables' `Debug` text is Rust.
    let mut source = String::new();
    write!(source, "Tables {{ text: Cow::Borrowed(include_str!(\"catalogue.txt\"))")?;
    write!(source, ", methods: Cow::Borrowed(&{:?})", tables.methods)?;
    write!(source, ", slots: Cow::Borrowed(&{:?})", tables.slots)?;
    write!(source, ", fields: Cow::Borrowed(&{:?})", tables.fields)?;
    write!(source, ", codes: Cow::Borrowed(&{:?})", tables.codes)?;
    write!(source, ", extras: Cow::Borrowed(&{:?})", tables.extras)?;
    write!(source, ", queries: Cow::Borrowed(&{:?})", tables.queries)?;
    write!(source, ", failures: Cow::Borrowed(&{:?}) }}", tables.failures)?;
    fs::write(out.join("catalogue.rs"), source)?;
    fs::write(out.join("examples.rs"), format!("&{examples:?}"))?;
    Ok(())
}

/// Prints as a slice, where a `Vec` prints as an array.
struct Slices<'a>(&'a [String]);

impl std::fmt::Debug for Slices<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "&{:?}", self.0)
    }
}

/// The documented replies of a method, as their text: a number keeps its zeros.
fn replies(text: &str) -> Result<Vec<String>, serde_json::Error> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        examples: Examples,
    }
    #[derive(Deserialize, Default)]
    struct Examples {
        #[serde(default)]
        response: Vec<Box<RawValue>>,
    }
    let file: File = serde_json::from_str(text)?;
    Ok(file.examples.response.iter().map(|reply| reply.get().to_owned()).collect())
}

fn add(builder: &mut Builder, file: &Path, overlay: &Path) -> Result<(), Box<dyn Error>> {
    let mut method: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    if overlay.exists() {
        let overlay: Value = serde_json::from_str(&fs::read_to_string(overlay)?)?;
        for correction in overlay["corrections"].as_array().ok_or("no corrections")? {
            correct(&mut method, correction)?;
        }
    }
    builder.add(&MethodFile::deserialize(method)?)?;
    Ok(())
}

/// Applies one correction: `set` changes keys of what lies at `path`, `add` puts a field below it.
fn correct(method: &mut Value, correction: &Value) -> Result<(), Box<dyn Error>> {
    let path = correction["path"].as_str().ok_or("a correction without a path")?;
    if let Some(set) = correction["set"].as_object() {
        let target = find(method, path)?.as_object_mut().ok_or("not an object")?;
        target.extend(set.clone());
        return Ok(());
    }
    let target = find(method, path)?;
    let children = if target.is_array() { target } else { &mut target["fields"] };
    if children.is_null() {
        *children = Value::Array(Vec::new());
    }
    children.as_array_mut().ok_or("not a list of fields")?.push(correction["add"].clone());
    Ok(())
}

/// What lies at a path of names: `/params/info/syn_stock`; the empty path is the method.
fn find<'v>(method: &'v mut Value, path: &str) -> Result<&'v mut Value, String> {
    let mut here = method;
    for (depth, name) in path.split('/').skip(1).enumerate() {
        here = match depth {
            0 => &mut here[name],
            1 => named(here, name, path)?,
            _ => named(&mut here["fields"], name, path)?,
        };
    }
    Ok(here)
}

fn named<'v>(fields: &'v mut Value, name: &str, path: &str) -> Result<&'v mut Value, String> {
    let fields = fields.as_array_mut().ok_or_else(|| format!("no fields at {path}"))?;
    fields
        .iter_mut()
        .find(|field| field["name"] == name)
        .ok_or_else(|| format!("no field at {path}"))
}
