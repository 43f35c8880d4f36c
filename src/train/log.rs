//! The course of a training in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Error, Scores};

/// A file with a line for each record: JSON lines, or CSV if its name ends so.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Json,
    Csv,
}

/// A line.
pub(super) struct Line<'a> {
    pub kind: &'static str,
    pub epoch: usize,
    pub step: usize,
    pub learning_rate: f64,
    /// The names of the scores' metrics.
    pub metrics: Vec<&'a str>,
    pub train: &'a Scores,
    pub test: Option<&'a Scores>,
    pub seconds: Option<f64>,
}

impl Line<'_> {
    /// Names and values. What there is none of is left out of JSON, and empty in CSV.
    fn fields(&self) -> Fields {
        // What is not finite becomes null.
        let number = |number: Option<f64>| number.map(Value::from);
        let mut fields = vec![
            ("kind".to_owned(), Some(self.kind.into())),
            ("epoch".to_owned(), Some(self.epoch.into())),
            ("step".to_owned(), Some(self.step.into())),
            ("learning_rate".to_owned(), number(Some(self.learning_rate))),
        ];
        for (set, scores) in [("train", Some(self.train)), ("test", self.test)] {
            fields.push((format!("{set}_loss"), number(scores.map(|scores| scores.loss))));
            for (i, name) in self.metrics.iter().enumerate() {
                let metric = scores.and_then(|scores| scores.metrics.get(i).copied());
                fields.push((format!("{set}_{name}"), number(metric)));
            }
        }
        fields.push(("seconds".to_owned(), number(self.seconds)));
        fields
    }
}

impl Log {
    /// Opens a log, to go on after its first `keep` bytes. Those behind them are of steps that are
    /// going to be done again.
    pub fn open(path: &Path, keep: u64) -> Result<Self, Error> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let form = if csv { Form::Csv } else { Form::Json };
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(io)?;
        }
        let options = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let mut file = options.map_err(io)?;
        shorten(&mut file, keep).map_err(io)?;
        Ok(Log { path: path.to_owned(), file, form })
    }

    /// Writes a line, at once, so that a killed process leaves whole lines.
    pub fn write(&mut self, line: &Line) -> Result<(), Error> {
        let fields = line.fields();
        let line = match self.form {
            Form::Json => json(fields),
            Form::Csv if self.len()? == 0 => format!("{}\n{}", header(&fields), csv(fields)),
            Form::Csv => csv(fields),
        };
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(|e| self.io(e))
    }

    /// Its length in bytes, of which all are on the disk now.
    pub fn sync(&mut self) -> Result<u64, Error> {
        self.file.sync_data().map_err(|e| self.io(e))?;
        self.len()
    }

    fn len(&self) -> Result<u64, Error> {
        Ok(self.file.metadata().map_err(|e| self.io(e))?.len())
    }

    fn io(&self, source: io::Error) -> Error {
        Error::Io { path: self.path.clone(), source }
    }
}

fn shorten(file: &mut File, most: u64) -> io::Result<()> {
    file.set_len(file.metadata()?.len().min(most))?;
    file.seek(SeekFrom::End(0))?;
    Ok(())
}

type Fields = Vec<(String, Option<Value>)>;

fn json(fields: Fields) -> String {
    let there = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Value::Object(there.collect()).to_string()
}

fn header(fields: &Fields) -> String {
    fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(",")
}

fn csv(fields: Fields) -> String {
    let values = fields.into_iter().map(|(_, value)| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(value) => value.to_string(),
    });
    values.collect::<Vec<_>>().join(",")
}
