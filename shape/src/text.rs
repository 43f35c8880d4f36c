//! Text that const evaluation can build.

/// A sentence or table, built by const evaluation or at run time; what does not fit is cut.
#[derive(Clone, Copy)]
pub struct Text {
    bytes: [u8; Text::CAPACITY],
    len: usize,
}

impl Text {
    /// Room for thirty lines.
    pub const CAPACITY: usize = 4096;

    /// No text.
    pub const fn new() -> Self {
        Text { bytes: [0; Text::CAPACITY], len: 0 }
    }

    /// Appends a string.
    pub const fn str(mut self, s: &str) -> Self {
        let s = s.as_bytes();
        // Whole or not at all, so that no character is cut in half.
        if s.len() <= Text::CAPACITY - self.len {
            let mut i = 0;
            while i < s.len() {
                self.bytes[self.len + i] = s[i];
                i += 1;
            }
            self.len += s.len();
        }
        self
    }

    /// Appends a number.
    pub const fn num(mut self, n: usize) -> Self {
        let mut unit = 1;
        while n / unit >= 10 {
            unit *= 10;
        }
        while unit > 0 {
            if self.len < Text::CAPACITY {
                self.bytes[self.len] = b'0' + (n / unit % 10) as u8;
                self.len += 1;
            }
            unit /= 10;
        }
        self
    }

    /// Appends spaces until the last line has `width` characters.
    pub const fn pad_to(mut self, width: usize) -> Self {
        while self.column() < width && self.len < Text::CAPACITY {
            self = self.str(" ");
        }
        self
    }

    /// Characters in the last line.
    const fn column(&self) -> usize {
        let (mut i, mut n) = (self.len, 0);
        while i > 0 && self.bytes[i - 1] != b'\n' {
            i -= 1;
            // Continuation bytes of UTF-8 are no characters of their own.
            if self.bytes[i] & 0xC0 != 0x80 {
                n += 1;
            }
        }
        n
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(s) => s,
            Err(_) => "",
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::new()
    }
}

impl core::fmt::Display for Text {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}
