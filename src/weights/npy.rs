//! One array in NumPy's format [npy](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
use safetensors::Dtype;

use super::Array;

const MAGIC: &[u8] = b"\x93NUMPY";

/// What the header of a file says.
struct Header {
    dtype: Dtype,
    big_endian: bool,
    fortran_order: bool,
    shape: Vec<usize>,
}

/// Reads a whole file of version 1.0, 2.0 or 3.0.
pub(super) fn read(bytes: &[u8]) -> Result<Array, String> {
    let (header, start, values) = split(bytes)?;
    let Header { dtype, big_endian, fortran_order, shape } = Literal::parse(header, start)?;
    let width = dtype.bitsize() / 8;
    let array = Array::new(dtype, shape, values.to_vec()).map_err(|error| error.to_string())?;
    if !big_endian && !fortran_order {
        return Ok(array);
    }
    let mut bytes = array.bytes().to_vec();
    if big_endian {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    if fortran_order {
        bytes = row_major(&bytes, array.shape(), width);
    }
    Array::new(dtype, array.shape().to_vec(), bytes).map_err(|error| error.to_string())
}

/// The header's text, the byte at which it starts, and the values.
fn split(bytes: &[u8]) -> Result<(&str, usize, &[u8]), String> {
    let short = || format!("the header ends at byte {}", bytes.len());
    let rest =
        bytes.strip_prefix(MAGIC).ok_or("no npy array: it does not begin with NumPy's mark")?;
    let (&[major, minor], rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (length, start, rest) = match (major, minor) {
        (1, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(short)?;
            (u16::from_le_bytes(*length).into(), 10, rest)
        }
        (2 | 3, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(short)?;
            (u32::from_le_bytes(*length), 12, rest)
        }
        _ => return Err(format!("npy of version {major}.{minor}; 1.0, 2.0 and 3.0 are read")),
    };
    let (header, values) = usize::try_from(length)
        .ok()
        .and_then(|length| rest.split_at_checked(length))
        .ok_or_else(|| format!("a header of {length} bytes promised, {} are left", rest.len()))?;
    let text = std::str::from_utf8(header)
        .map_err(|error| format!("byte {}: no UTF-8", start + error.valid_up_to()))?;
    Ok((text, start, values))
}

/// Elements of `width` bytes from column-major to row-major order.
fn row_major(bytes: &[u8], shape: &[usize], width: usize) -> Vec<u8> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = width;
    for &size in shape {
        strides.push(stride);
        stride *= size;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = vec![0; shape.len()];
    while out.len() < bytes.len() {
        let at: usize = index.iter().zip(&strides).map(|(i, stride)| i * stride).sum();
        out.extend(&bytes[at..at + width]);
        // The next index in row-major order.
        for (i, &size) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            if *i < size {
                break;
            }
            *i = 0;
        }
    }
    out
}

/// A header on the way through its text, a literal of Python's such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct Literal<'a> {
    text: &'a str,
    rest: &'a str,
    start: usize,
}

impl<'a> Literal<'a> {
    fn parse(text: &'a str, start: usize) -> Result<Header, String> {
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

/// What is in both worlds, by NumPy's name.
const DTYPES: &[(Dtype, &str)] = &[
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

/// All that comes before the values, or an error for a type that NumPy has not.
pub(super) fn header(array: &Array) -> Result<Vec<u8>, String> {
    let dtype = array.dtype();
    let (_, name) = DTYPES
        .iter()
        .find(|(known, _)| *known == dtype)
        .ok_or_else(|| format!("NumPy has no {dtype} values"))?;
    let order = if dtype.bitsize() == 8 { '|' } else { '<' };
    // A tuple of one is written with a comma.
    let sizes: String = array.shape().iter().map(|size| format!("{size}, ")).collect();
    let sizes = if array.shape().len() == 1 { sizes.trim() } else { sizes.trim_end_matches(", ") };
    let text =
        format!("{{'descr': '{order}{name}', 'fortran_order': False, 'shape': ({sizes}), }}");
    // Padded, so that the values are aligned to 64 bytes; the last byte is a newline.
    let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let short = u16::try_from(length).map_err(|_| "a shape too long for npy".to_owned())?;
    let mut header = [MAGIC, &[1, 0], &short.to_le_bytes()].concat();
    header.extend(format!("{text:<width$}\n", width = length - 1).bytes());
    Ok(header)
}
