//! NumPy's files: what NumPy wrote, what we write, and what is broken or hostile.
#![cfg(feature = "npz")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use rand::{Rng, SeedableRng, rngs::StdRng};
use shapewright::prelude::*;
use shapewright::weights::{Array, Dtype, Error, StateDict};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

net! { struct Net: [4] -> [2] { fc: Linear(3), ReLU, Linear(2) } }

fn net(seed: u64) -> Net<f32, AutoDevice> {
    AutoDevice::seed_from_u64(seed).build_module::<Net, f32>()
}

fn data(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights").join(file)
}

/// A zip file of one entry.
fn zipped(name: &str, content: &[u8], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    zip.start_file(name, options).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap().into_inner()
}

/// The one array of an npz file with this `a.npy`.
fn read(npy: &[u8]) -> Result<Array, Error> {
    let zip = zipped("a.npy", npy, CompressionMethod::Stored);
    StateDict::from_npz_bytes(&zip).map(|mut dict| dict.remove("a").unwrap())
}

/// A file of version 1.0.
fn npy(header: &str, values: &[u8]) -> Vec<u8> {
    let length = u16::try_from(header.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), values].concat()
}

#[test]
fn arrays_that_numpy_wrote_have_their_values() {
    let dict = StateDict::read_npz(data("arrays.npz")).unwrap();
    let counted: Vec<f64> = (0..24).map(f64::from).collect();
    for name in ["f2", "f4", "f8", "big_f2", "big_f4", "big_f8", "fortran", "big_fortran"] {
        assert_eq!(dict.get(name).unwrap().shape(), [2, 3, 4], "{name}");
        assert_eq!(dict.values::<f64>(name).unwrap(), counted, "{name}");
    }
    fn counts<N: shapewright::weights::Element + TryFrom<u8> + PartialEq>(
        dict: &StateDict,
        name: &str,
    ) {
        let counted: Vec<N> = (0..24).filter_map(|n: u8| N::try_from(n).ok()).collect();
        assert!(dict.values::<N>(name).unwrap() == counted, "{name}");
    }
    counts::<i8>(&dict, "i1");
    counts::<u8>(&dict, "u1");
    counts::<i16>(&dict, "i2");
    counts::<u16>(&dict, "big_u2");
    counts::<i32>(&dict, "i4");
    counts::<u32>(&dict, "big_u4");
    counts::<i64>(&dict, "big_i8");
    counts::<u64>(&dict, "u8");
    let odd: Vec<bool> = (0..24).map(|n| n % 2 == 1).collect();
    assert_eq!(dict.values::<bool>("bool").unwrap(), odd);
    let (scalar, empty) = (dict.get("scalar").unwrap(), dict.get("empty").unwrap());
    assert_eq!((scalar.shape(), scalar.values::<f32>()), (&[][..], Some(vec![0.5])));
    assert_eq!((empty.shape(), empty.values::<f32>()), (&[0, 3][..], Some(vec![])));
    assert_eq!(dict.values::<f32>("vector").unwrap(), [0.0, 1.0, 2.0, 3.0]);
    assert_eq!(dict.len(), 20);
}

#[test]
fn headers_of_every_version_are_read() {
    let counted: Vec<f32> = (0..24).map(|n| n as f32).collect();
    for version in 1..=3 {
        let bytes = fs::read(data(&format!("version{version}.npy"))).unwrap();
        assert_eq!(bytes[6], version);
        let array = read(&bytes).unwrap();
        assert_eq!((array.shape(), array.values()), (&[2, 3, 4][..], Some(counted.clone())));
    }
}

#[test]
fn weights_come_back_bit_for_bit() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("round.npz");
    let (one, mut other) = (net(1), net(2));
    one.save_npz(&file).unwrap();
    other.load_npz(&file).unwrap();
    assert_eq!(other.state_dict().unwrap(), one.state_dict().unwrap());

    let mut dict = one.state_dict().unwrap();
    let bits = [0x7fa0_0001_u32, 0xffc1_2345, 0x8000_0000, 1];
    dict.insert("nan", Array::of(&[2, 2], &bits.map(f32::from_bits)).unwrap());
    dict.insert("half", Array::new(Dtype::F16, vec![1, 1, 1], vec![0, 0x3c]).unwrap());
    dict.insert("flag", Array::scalar(true));
    dict.insert("count", Array::of(&[1], &[i64::MIN]).unwrap());
    dict.insert("empty", Array::of::<f32>(&[0, 7], &[]).unwrap());
    dict.metadata_mut().insert("epoch".to_owned(), "3".to_owned());
    let read = StateDict::from_npz_bytes(&dict.to_npz_bytes().unwrap()).unwrap();
    assert!(read.iter().eq(dict.iter()));
    assert!(read.metadata().is_empty());

    dict.insert("brain", Array::new(Dtype::BF16, vec![1], vec![0, 0]).unwrap());
    assert_eq!(dict.to_npz_bytes().unwrap_err().to_string(), "brain: NumPy has no BF16 values");
}

#[test]
fn headers_are_padded_as_numpy_pads_them() {
    // The longest of all shapes that still fit one block, and the next.
    for dims in 0..40 {
        let mut dict = StateDict::new();
        dict.insert("a", Array::of(&vec![1; dims], &[0.5_f32]).unwrap());
        let bytes = dict.to_npz_bytes().unwrap();
        let start = bytes.windows(6).position(|w| w == b"\x93NUMPY").unwrap();
        let npy = &bytes[start..];
        let length = 10 + usize::from(u16::from_le_bytes([npy[8], npy[9]]));
        assert_eq!((length % 64, npy[length - 1]), (0, b'\n'));
        assert_eq!(npy[length..length + 4], 0.5_f32.to_le_bytes());
        assert_eq!(StateDict::from_npz_bytes(&bytes).unwrap(), dict);
    }
}

#[test]
fn what_is_no_plain_array_is_refused_in_words() {
    for (file, words) in [
        ("objects.npz", "weight.npy: byte 20: an array of pickled objects, which are not read"),
        ("words.npz", "weight.npy: byte 20: values of type `<U3`; bools, integers and floats"),
        ("pickle.pt", "this is a .pt of PyTorch's, which is a pickle; write it there as"),
        ("version1.npy", "not a whole npz file: "),
        ("layers.f32.safetensors", "not a whole npz file: "),
    ] {
        let error = net(1).load_npz(data(file)).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains(file), "{file}: {error}");
    }
    for (file, words) in [
        ("layers.f32.npz", "not a whole safetensors file: this is a zip file, such as an npz"),
        ("version1.npy", "not a whole safetensors file: this is a single .npy array"),
    ] {
        let error = net(1).load_safetensors(data(file)).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains(file), "{file}: {error}");
    }
    let text = zipped("a.txt", b"text", CompressionMethod::Stored);
    let error = StateDict::from_npz_bytes(&text).unwrap_err().to_string();
    assert_eq!(error, "a.txt: no array: its name does not end in `.npy`");
}

#[test]
fn broken_headers_are_errors_that_name_the_byte() {
    let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
    assert_eq!(read(&npy(good, &[0; 4])).unwrap().shape(), [1]);
    // Another order, other quotes and no spaces are the same to Python.
    let other = r#"{"shape":(1,),"fortran_order":True,"descr":"|u1"}"#;
    assert_eq!(read(&npy(other, &[7])).unwrap().values::<u8>(), Some(vec![7]));

    for (from, to, words) in [
        ("(1,)", "(2,)", "F32 values of shape [2] have 8 bytes, but 4 are given"),
        ("(1,)", "(1, -1)", "byte 64: no size of an array"),
        ("(1,)", "1", "byte 60: `(` expected"),
        ("(1,)", "(99999999999999999999,)", "byte 61: no size of an array"),
        ("(1,)", "(4294967296, 4294967296, 4294967296)", "that memory could hold"),
        ("'<f4'", "'<c8'", "byte 20: values of type `<c8`"),
        ("'<f4'", "'<é4'", "values of type `<é4`"),
        ("'<f4'", "''", "values of type ``"),
        ("'<f4'", "[('x', '<f4')]", "byte 20: an array of structures, which is not read"),
        ("'<f4'", "'<f4", "byte "),
        ("False", "0", "byte 44: `False` expected"),
        ("'descr'", "'dtype'", "byte 11: `dtype` is no key"),
        ("'descr': '<f4',", "", "the header lacks one of"),
        (", }", "}x", "the header goes on after its `}`"),
        ("{", "", "byte 10: `{` expected"),
    ] {
        let error = read(&npy(&good.replacen(from, to, 1), &[0; 4])).unwrap_err().to_string();
        assert!(error.starts_with("a.npy: ") && error.contains(words), "{to}: {error}");
    }
    let good = npy(good, &[0; 4]);
    for cut in 0..good.len() {
        let error = read(&good[..cut]).unwrap_err().to_string();
        assert!(error.starts_with("a.npy: "), "{error}");
    }
    let mut version = good.clone();
    version[6] = 4;
    let error = read(&version).unwrap_err().to_string();
    assert_eq!(error, "a.npy: npy of version 4.0; 1.0, 2.0 and 3.0 are read");
    let promised = [b"\x93NUMPY\x02\x00\xff\xff\xff\xff", &good[10..]].concat();
    let error = read(&promised).unwrap_err().to_string();
    assert!(error.contains("a header of 4294967295 bytes promised, "), "{error}");
}

#[test]
fn a_small_file_does_not_fill_the_memory() {
    let zeros = vec![0; (64 << 20) + 1];
    let bomb = zipped("a.npy", &zeros, CompressionMethod::Deflated);
    assert!(bomb.len() < 100_000);
    let error = StateDict::from_npz_bytes(&bomb).unwrap_err().to_string();
    assert_eq!(error, "a.npy: more than 67108864 bytes in all, 100 times the file's own");

    // An entry that says it is small.
    let mut liar = bomb;
    let directory = liar.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    for at in [22, directory + 24] {
        liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(StateDict::from_npz_bytes(&liar).is_err());

    // Two entries of the same bytes.
    let mut twice = net(1).state_dict().unwrap().to_npz_bytes().unwrap();
    let directory = twice.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    twice[directory + 42..directory + 46].fill(0);
    let error = StateDict::from_npz_bytes(&twice).unwrap_err().to_string();
    assert_eq!(error, "not a whole npz file: its entries overlap");
}

#[test]
fn truncated_and_mutated_files_load_whole_or_not_at_all() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutated.npz");
    let (one, mut other) = (net(1), net(2));
    let (right, before) = (one.state_dict().unwrap(), other.state_dict().unwrap());
    let stored = right.to_npz_bytes().unwrap();
    for cut in 0..stored.len() {
        fs::write(&file, &stored[..cut]).unwrap();
        let error = other.load_npz(&file).unwrap_err();
        assert!(matches!(error, Error::Format { .. }), "cut at {cut}: {error}");
        assert!(error.to_string().contains("mutated.npz"), "{error}");
    }
    assert_eq!(other.state_dict().unwrap(), before);

    // numpy.savez_compressed's as well.
    let deflated = fs::read(data("layers.f16.npz")).unwrap();
    let whole = StateDict::from_npz_bytes(&deflated).unwrap();
    let directory = stored.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let mut rng = StdRng::seed_from_u64(3);
    let mut refused = 0;
    for round in 0..6000 {
        let (original, start) = match round % 3 {
            0 => (&stored, 0),
            1 => (&stored, directory),
            _ => (&deflated, 0),
        };
        let mut bytes = original.clone();
        for _ in 0..rng.gen_range(1..=3) {
            let at = rng.gen_range(start..bytes.len());
            bytes[at] = rng.r#gen();
        }
        let Ok(dict) = StateDict::from_npz_bytes(&bytes) else {
            refused += 1;
            continue;
        };
        // All but names is under a checksum.
        if round % 3 == 2 {
            assert!(dict.iter().map(|entry| entry.1).eq(whole.iter().map(|entry| entry.1)));
        } else if other.load_state_dict(&dict).is_ok() {
            assert_eq!(other.state_dict().unwrap(), right);
            other.load_state_dict(&before).unwrap();
        } else {
            refused += 1;
            assert_eq!(other.state_dict().unwrap(), before);
        }
    }
    assert!(refused > 3000, "only {refused} of 6000 mutations were noticed");
}

#[test]
fn mutated_headers_under_a_right_checksum_are_no_panic() {
    let original = fs::read(data("version1.npy")).unwrap();
    let mut rng = StdRng::seed_from_u64(4);
    let alphabet = b"{}()[]':,\"\\ <>|fiuOb0123489TFdescrhap\x00\xff\xc3";
    let mut refused = 0;
    for _ in 0..6000 {
        let mut bytes = original.clone();
        for _ in 0..rng.gen_range(1..=4) {
            // The version, the length and the text.
            bytes[rng.gen_range(6..80)] = alphabet[rng.gen_range(0..alphabet.len())];
        }
        match read(&bytes) {
            Ok(array) => assert!(array.bytes().len() <= bytes.len()),
            Err(error) => {
                assert!(error.to_string().starts_with("a.npy: "), "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 5000, "only {refused} of 6000 mutations were noticed");
}
