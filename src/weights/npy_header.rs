//! The header of an npy array, a literal of Python's.
use safetensors::Dtype;

/// What is in both worlds, by NumPy's name.
pub(super) const DTYPES: &[(Dtype, &str)] = &[
    (Dtype::BOOL, "b1"),
    (Dtype::U8, "u1"),
    (Dtype::I8, "i1"),
    (Dtype::U16, "u2"),
    (Dtype::I16, "i2"),
    (Dtype::F16, "f2"),
    (Dtype::U32, "u4"),
    (Dtype::I32, "i4"),
    (Dtype::F32, "f4"),
    (Dtype::U64, "u8"),
    (Dtype::I64, "i8"),
    (Dtype::F64, "f8"),
];

/// What the header of a file says.
pub(super) struct Header {
    pub dtype: Dtype,
    pub big_endian: bool,
    pub fortran_order: bool,
    pub shape: Vec<usize>,
}

impl Header {
    /// Reads a dictionary of Python's that begins at byte `start` of the file.
    pub(super) fn parse(text: &str, start: usize) -> Result<Header, String> {
        let mut literal = Literal { text, rest: text, start };
        let (mut dtype, mut fortran_order, mut shape) = (None, None, None);
        literal.expect("{")?;
        while !literal.take("}") {
            let at = literal.rest;
            let key = literal.string()?;
            literal.expect(":")?;
            match key {
                "descr" => dtype = Some(literal.dtype()?),
                "fortran_order" => fortran_order = Some(literal.bool()?),
                "shape" => shape = Some(literal.tuple()?),
                _ => return Err(literal.wrong_at(at, &format!("`{key}` is no key of a header"))),
            }
            if !literal.take(",") {
                literal.expect("}")?;
                break;
            }
        }
        if !literal.rest.trim().is_empty() {
            return Err(literal.wrong("the header goes on after its `}`"));
        }
        match (dtype, fortran_order, shape) {
            (Some((dtype, big_endian)), Some(fortran_order), Some(shape)) => {
                Ok(Header { dtype, big_endian, fortran_order, shape })
            }
            _ => Err("the header lacks one of `descr`, `fortran_order` and `shape`".to_owned()),
        }
    }
}

/// A header on the way through its text, a literal of Python's such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct Literal<'a> {
    text: &'a str,
    rest: &'a str,
    start: usize,
}

impl<'a> Literal<'a> {
    /// An error that names the byte where `rest` begins.
    fn wrong_at(&self, rest: &str, reason: &str) -> String {
        format!("byte {}: {reason}", self.start + self.text.len() - rest.len())
    }

    fn wrong(&self, reason: &str) -> String {
        self.wrong_at(self.rest, reason)
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_spaces();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) { Ok(()) } else { Err(self.wrong(&format!("`{token}` expected"))) }
    }

    fn string(&mut self) -> Result<&'a str, String> {
        let quote = if self.take("\"") { '"' } else { '\'' };
        if quote == '\'' {
            self.expect("'")?;
        }
        let (string, rest) =
            self.rest.split_once(quote).ok_or_else(|| self.wrong("a string without an end"))?;
        self.rest = rest;
        Ok(string)
    }

    fn bool(&mut self) -> Result<bool, String> {
        if self.take("True") {
            return Ok(true);
        }
        self.expect("False").map(|()| false)
    }

    fn tuple(&mut self) -> Result<Vec<usize>, String> {
        let mut sizes = Vec::new();
        self.expect("(")?;
        while !self.take(")") {
            self.skip_spaces();
            let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
            let (digits, rest) = self.rest.split_at(end);
            sizes.push(digits.parse().map_err(|_| self.wrong("no size of an array"))?);
            self.rest = rest;
            if !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(sizes)
    }

    /// The type, and whether it is big-endian.
    fn dtype(&mut self) -> Result<(Dtype, bool), String> {
        self.skip_spaces();
        let at = self.rest;
        if self.take("[") {
            return Err(self.wrong_at(at, "an array of structures, which is not read"));
        }
        let descr = self.string()?;
        let dtype = DTYPES.iter().find(|(_, name)| descr.get(1..) == Some(name));
        match (dtype, descr.get(..1)) {
            (Some(&(dtype, _)), Some("<" | "|")) => Ok((dtype, false)),
            (Some(&(dtype, _)), Some(">")) => Ok((dtype, true)),
            _ if descr.contains('O') => Err(self.wrong_at(
                at,
                "an array of pickled objects, which are not read: they could run any code",
            )),
            _ => {
                let read = "bools, integers and floats of 2, 4 or 8 bytes are read";
                Err(self.wrong_at(at, &format!("values of type `{descr}`; {read}")))
            }
        }
    }
}
