//! Text that const evaluation can build.

/// Sentences or a table, built by const evaluation or at run time; what does not fit is cut.
#[derive(Clone)]
pub struct Text {
    bytes: [u8; Text::CAPACITY],
    len: usize,
    /// Characters in the last line.
    column: usize,
}

impl Text {
    /// Room for some thirty lines.
    pub const CAPACITY: usize = 4096;

    /// No text.
    pub const fn new() -> Self {
        Text { bytes: [0; Text::CAPACITY], len: 0, column: 0 }
    }

    /// Appends a string, whole or not at all, so that no character is cut in half.
    pub const fn str(&mut self, s: &str) -> &mut Self {
        let s = s.as_bytes();
        if s.len() > Text::CAPACITY - self.len {
            return self;
        }
        let mut i = 0;
        while i < s.len() {
            self.bytes[self.len + i] = s[i];
            if s[i] == b'\n' {
                self.column = 0;
            } else if s[i] & 0xC0 != 0x80 {
                // The other bytes of a UTF-8 character are no characters of their own.
                self.column += 1;
            }
            i += 1;
        }
        self.len += s.len();
        self
    }

    /// Appends a number.
    pub const fn num(&mut self, n: usize) -> &mut Self {
        let mut unit = 1;
        while n / unit >= 10 {
            unit *= 10;
        }
        while unit > 0 {
            let digit = [b'0' + (n / unit % 10) as u8];
            if let Ok(digit) = core::str::from_utf8(&digit) {
                self.str(digit);
            }
            unit /= 10;
        }
        self
    }

    /// Appends `[a, b, c]`.
    pub const fn dims(&mut self, dims: &[usize]) -> &mut Self {
        self.list("[", dims, ", ", "]")
    }

    /// Appends numbers between separators.
    pub const fn list(
        &mut self,
        open: &str,
        items: &[usize],
        separator: &str,
        close: &str,
    ) -> &mut Self {
        self.str(open);
        let mut i = 0;
        while i < items.len() {
            if i > 0 {
                self.str(separator);
            }
            self.num(items[i]);
            i += 1;
        }
        self.str(close)
    }

    /// Appends spaces until the last line has `width` characters.
    pub const fn pad_to(&mut self, width: usize) -> &mut Self {
        while self.column < width && self.len < Text::CAPACITY {
            self.str(" ");
        }
        self
    }

    /// Takes the last `n` characters off, which are ASCII.
    pub(crate) const fn back(&mut self, n: usize) -> &mut Self {
        self.len -= n;
        self.column -= n;
        self
    }

    /// Takes spaces off the end.
    pub const fn trim(&mut self) -> &mut Self {
        while self.len > 0 && self.bytes[self.len - 1] == b' ' {
            self.len -= 1;
            self.column -= 1;
        }
        self
    }

    /// Characters in the last line.
    pub const fn column(&self) -> usize {
        self.column
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

impl core::fmt::Debug for Text {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_columns() {
        let mut t = Text::new();
        t.str("×").num(0).num(1205).str("\n").str("a·b").pad_to(5).str("|");
        assert_eq!(t.as_str(), "×01205\na·b  |");
    }

    #[test]
    fn too_much_is_cut_between_characters() {
        let mut t = Text::new();
        for _ in 0..Text::CAPACITY {
            t.str("×");
        }
        assert_eq!(t.as_str().len(), Text::CAPACITY);
        assert_eq!(t.num(7).as_str().len(), Text::CAPACITY);
    }
}
