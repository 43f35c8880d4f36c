//! One file from one server, resumed as long as that brings it further.
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use ureq::http::{Response, header};
use ureq::{Agent, Body};

use crate::data::Error;

/// How often a cut connection is taken up again.
const ATTEMPTS: usize = 20;

/// Longest time for one connection, however slowly the data comes.
const LONGEST: Duration = Duration::from_secs(3600);

/// Why there is no file.
pub(super) enum Stop {
    /// It cannot be written here.
    Here(Error),
    /// The server or the way to it; another one may do.
    There(String),
}

/// The partial file, and what is allowed.
pub(super) struct Transfer<'a> {
    part: &'a Path,
    max: u64,
    agent: Agent,
}

impl<'a> Transfer<'a> {
    pub(super) fn new(part: &'a Path, max: u64, timeout: Duration) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_resolve(Some(timeout))
            .timeout_connect(Some(timeout))
            .timeout_recv_response(Some(timeout))
            .timeout_per_read(Some(timeout))
            .timeout_recv_body(Some(LONGEST))
            .build()
            .new_agent();
        Self { part, max, agent }
    }

    /// How much of the file is there.
    pub(super) fn bytes(&self) -> u64 {
        fs::metadata(self.part).map_or(0, |data| data.len())
    }

    /// Removes what is there.
    pub(super) fn remove(&self) -> Result<(), Stop> {
        match fs::remove_file(self.part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.here(error)),
            _ => Ok(()),
        }
    }

    /// Fetches what is missing.
    pub(super) fn fetch(
        &self,
        url: &str,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(), Stop> {
        let mut attempt = 1;
        loop {
            let before = self.bytes();
            match self.attempt(url, progress) {
                // It has been cut off, but not without result.
                Err(Stop::There(_)) if self.bytes() > before && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    fn attempt(&self, url: &str, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<(), Stop> {
        if self.bytes() > self.max {
            self.remove()?;
        }
        let mut have = self.bytes();
        let mut response = self.ask(url, have)?;
        match response.status().as_u16() {
            200 => have = 0,
            206 if have > 0 && starts_at(&response) == Some(have) => {}
            // There is no such rest, or it is not what was asked for: all of it again.
            206 | 416 if have > 0 => {
                self.remove()?;
                return self.attempt(url, progress);
            }
            _ => return Err(there(format!("the server says {}", response.status()))),
        }
        let total = response.body().content_length().map(|rest| have.saturating_add(rest));
        if total.is_some_and(|total| total > self.max) {
            return self.too_large(total);
        }
        let mut file = self.open(have == 0)?;
        let mut from = response.body_mut().as_reader();
        let mut buffer = vec![0; 1 << 16];
        progress(have, total);
        loop {
            let count = match from.read(&mut buffer).map_err(|error| there(error.to_string()))? {
                0 => break,
                count => count,
            };
            have += count as u64;
            if have > self.max {
                self.remove()?;
                return self.too_large(None);
            }
            file.write_all(&buffer[..count]).map_err(|error| self.here(error))?;
            progress(have, total);
        }
        match total {
            Some(total) if have < total => {
                Err(there(format!("the connection ended after {have} of {total} bytes")))
            }
            _ => Ok(()),
        }
    }

    /// Asks for the file from byte `from` on.
    fn ask(&self, url: &str, from: u64) -> Result<Response<Body>, Stop> {
        let mut request = self.agent.get(url);
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        request.call().map_err(|error| there(error.to_string()))
    }

    fn open(&self, anew: bool) -> Result<File, Stop> {
        let mut options = OpenOptions::new();
        options.create(true).append(!anew).write(true).truncate(anew);
        options.open(self.part).map_err(|error| self.here(error))
    }

    fn here(&self, source: io::Error) -> Stop {
        Stop::Here(Error::Io { path: self.part.to_owned(), source })
    }

    fn too_large(&self, total: Option<u64>) -> Result<(), Stop> {
        let offered = total.map_or("more bytes".to_owned(), |total| format!("{total} bytes"));
        Err(there(format!(
            "the server offers {offered}, more than the {} expected at most",
            self.max
        )))
    }
}

fn there(reason: String) -> Stop {
    Stop::There(reason)
}

/// The first byte of a partial answer, from `Content-Range: bytes 100-199/200`.
fn starts_at(response: &Response<Body>) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}
