//! Named arrays in memory: between networks, under other names, in part.

use std::collections::HashMap;

use dfdx::nn::{ModuleVisitor, TensorCollection, TensorOptions};
use shapewright::prelude::*;
use shapewright::weights::{Array, Dtype, Error, LoadOptions, Mismatch, StateDict};

net! {
    #[allow(shapewright::bias_before_norm)]
    struct Net: [4] -> [2] {
        body: { fc: Linear(3), BatchNorm1d },
        ReLU,
        head: Linear(2),
    }

    /// Another head.
    #[allow(shapewright::bias_before_norm)]
    struct Wide: [4] -> [5] {
        body: { fc: Linear(3), BatchNorm1d },
        ReLU,
        head: Linear(5),
    }

    /// Nothing but a body.
    #[allow(shapewright::bias_before_norm)]
    struct Outer: [4] -> [3] { body: { fc: Linear(3), BatchNorm1d } }
}

const NAMES: [&str; 8] = [
    "body.fc.weight",
    "body.fc.bias",
    "body.1.weight",
    "body.1.bias",
    "body.1.running_mean",
    "body.1.running_var",
    "head.weight",
    "head.bias",
];

fn net(seed: u64) -> Net<f32, AutoDevice> {
    AutoDevice::seed_from_u64(seed).build_module::<Net, f32>()
}

fn names(dict: &StateDict) -> Vec<&str> {
    dict.iter().map(|(name, _)| name).collect()
}

#[test]
fn entries_have_the_networks_order_names_and_shapes() {
    let dict = net(1).state_dict().unwrap();
    assert_eq!(names(&dict), NAMES);
    let weight = dict.get("body.fc.weight").unwrap();
    assert_eq!((weight.dtype(), weight.shape()), (Dtype::F32, &[3, 4][..]));
    assert_eq!(weight.values::<f32>(), Some(net(1).body.fc.weight.as_vec()));
    assert_eq!(dict.values::<f64>("body.1.running_var").unwrap(), [1.0; 3]);
    let wide = AutoDevice::default().build_module::<Net, f64>().state_dict().unwrap();
    assert!(wide.iter().all(|(_, array)| array.dtype() == Dtype::F64));
}

#[test]
fn weights_move_between_networks_by_name() {
    let (teacher, mut student) = (net(1).state_dict().unwrap(), net(2));
    assert_ne!(student.state_dict().unwrap(), teacher);
    student.load_state_dict(&teacher).unwrap();
    assert_eq!(student.state_dict().unwrap(), teacher);
}

#[test]
fn every_bit_arrives() {
    // A signalling NaN, a quiet one with a payload, -0, the smallest number, infinity.
    let bits = [0x7fa0_0001_u32, 0xffc1_2345, 0x8000_0000, 1, 0x7f80_0000];
    let values = bits.map(f32::from_bits);
    let mut dict = AutoDevice::default().build_module::<Wide, f32>().state_dict().unwrap();
    dict.insert("head.bias", Array::of(&[5], &values).unwrap());
    let read = StateDict::from_safetensors_bytes(&dict.to_safetensors_bytes().unwrap()).unwrap();
    let mut net = AutoDevice::default().build_module::<Wide, f32>();
    net.load_state_dict(&read).unwrap();
    for dict in [read, net.state_dict().unwrap()] {
        let back = dict.values::<f32>("head.bias").unwrap();
        assert_eq!(back.into_iter().map(f32::to_bits).collect::<Vec<_>>(), bits);
    }
}

#[test]
fn arrays_of_every_type_come_back_from_a_file() {
    fn same<N: shapewright::weights::Element + PartialEq + std::fmt::Debug>(values: [N; 2]) {
        let mut dict = StateDict::new();
        dict.insert("a", Array::of(&[1, 2], &values).unwrap());
        dict.insert("scalar", Array::scalar(values[1]));
        let read =
            StateDict::from_safetensors_bytes(&dict.to_safetensors_bytes().unwrap()).unwrap();
        assert_eq!(read.get("a").unwrap(), dict.get("a").unwrap());
        assert_eq!(read.values::<N>("a").unwrap(), values);
        let scalar = read.get("scalar").unwrap();
        assert_eq!((scalar.shape(), scalar.values::<N>()), (&[][..], Some(vec![values[1]])));
    }
    same([1.5_f32, f32::MIN]);
    same([1.5_f64, f64::MIN]);
    same([false, true]);
    same([1_u8, u8::MAX]);
    same([1_i8, i8::MIN]);
    same([1_u16, u16::MAX]);
    same([1_i16, i16::MIN]);
    same([1_u32, u32::MAX]);
    same([1_i32, i32::MIN]);
    same([1_u64, u64::MAX]);
    same([1_i64, i64::MIN]);
}

#[test]
fn halves_are_widened_exactly_and_doubles_rounded_to_the_nearest() {
    let values = |dtype, bits: &[u16]| {
        let bytes: Vec<u8> = bits.iter().flat_map(|b| b.to_le_bytes()).collect();
        let array = Array::new(dtype, vec![bits.len()], bytes).unwrap();
        let (single, double) = (array.values::<f32>().unwrap(), array.values::<f64>().unwrap());
        assert!(single.iter().zip(&double).all(|(&s, &d)| f64::from(s) == d));
        single
    };
    let halves = values(Dtype::F16, &[0x3c00, 0xc500, 0x7bff, 1, 0x7c00]);
    assert_eq!(halves, [1.0, -5.0, 65504.0, 2.0_f32.powi(-24), f32::INFINITY]);
    let brains = values(Dtype::BF16, &[0x3f80, 0xc0a0, 0x7f7f, 1]);
    assert_eq!(brains, [1.0, -5.0, f32::from_bits(0x7f7f_0000), f32::from_bits(0x0001_0000)]);

    // Halfway between two numbers of 24 bits, ties go to the even one.
    let ulp = f64::from(f32::EPSILON);
    let doubles = [1.0 + 0.5 * ulp, 1.0 + 1.5 * ulp, 1.0 + 0.51 * ulp, 1e300];
    let array = Array::of(&[4], &doubles).unwrap();
    let rounded = [1.0, 1.0 + 2.0 * f32::EPSILON, 1.0 + f32::EPSILON, f32::INFINITY];
    assert_eq!(array.values::<f32>().unwrap(), rounded);
}

#[test]
fn what_is_no_array_is_refused_in_words() {
    for (shape, words) in [
        (&[2, 3][..], "F32 values of shape [2, 3] have 24 bytes, but 4 are given"),
        (&[usize::MAX, 2], "have no whole number of bytes that memory could hold"),
    ] {
        let error = Array::of(shape, &[1.0_f32]).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    // Three numbers of four bits each.
    assert!(Array::new(Dtype::F4, vec![3], vec![0; 2]).is_err());

    let mut dict = StateDict::new();
    dict.insert("step", Array::scalar(3_u64));
    let error = dict.values::<f32>("step").unwrap_err().to_string();
    assert_eq!(error, "step: U64 values, which are not converted to F32");
    assert_eq!(dict.values::<i64>("steps").unwrap_err().to_string(), "there is no entry `steps`");

    dict.insert("__metadata__", Array::scalar(3_u64));
    let error = dict.to_safetensors_bytes().unwrap_err().to_string();
    assert_eq!(error, "safetensors keeps the name `__metadata__` for itself");
}

#[test]
fn entries_are_renamed_in_their_places_or_not_at_all() {
    let mut dict = net(1).state_dict().unwrap();
    dict.rename(|name| name.replace("body.", "encoder.")).unwrap();
    assert_eq!(names(&dict), NAMES.map(|name| name.replace("body.", "encoder.")));
    let before = dict.clone();
    let error = dict.rename(|name| name.replace("bias", "weight")).unwrap_err();
    let words = "`encoder.fc.weight` and `encoder.fc.bias` are both renamed to `encoder.fc.weight`";
    assert_eq!(error.to_string(), words);
    assert_eq!(dict, before);
}

#[test]
fn parts_are_merged_and_split_by_prefix() {
    let mut model = net(1).state_dict().unwrap();
    model.metadata_mut().insert("epoch".to_owned(), "3".to_owned());
    let mut all = StateDict::new();
    all.insert("step", Array::scalar(1_u64));
    all.merge("model.", model.clone()).unwrap();
    assert_eq!((all.len(), all.metadata()["epoch"].as_str()), (9, "3"));

    let before = all.clone();
    let error = all.merge("model.", model.clone()).unwrap_err();
    assert_eq!(error.to_string(), "two tensors are named `model.body.fc.weight`");
    assert_eq!(all, before);

    let split = all.split("model.");
    assert_eq!(split.iter().collect::<Vec<_>>(), model.iter().collect::<Vec<_>>());
    assert_eq!(names(&all), ["step"]);
    assert_eq!(all.remove("step"), Some(Array::scalar(1_u64)));
    assert!(all.is_empty() && all.remove("step").is_none());
}

#[test]
fn a_file_has_the_metadata_and_is_the_same_each_time() {
    let mut dict = StateDict::new();
    dict.insert("narrow", Array::of(&[3], &[1_u8, 2, 3]).unwrap());
    dict.insert("wide", Array::of(&[2], &[1.0_f64, 2.0]).unwrap());
    for key in ["torch", "a \"quoted\" key", "état"] {
        dict.metadata_mut().insert(key.to_owned(), format!("{{\"{key}\": 1}}"));
    }
    let bytes = dict.to_safetensors_bytes().unwrap();
    assert_eq!(dict.clone().to_safetensors_bytes().unwrap(), bytes);
    let mut read = StateDict::from_safetensors_bytes(&bytes).unwrap();
    // What is wider comes first, for its values to be aligned.
    assert_eq!(names(&read), ["wide", "narrow"]);
    assert_eq!(read.metadata_mut().remove("format").as_deref(), Some("pt"));
    assert_eq!(read, dict);

    // The library's own reader agrees.
    let theirs = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(theirs.tensor("narrow").unwrap().data(), [1, 2, 3]);
    assert_eq!(theirs.tensor("wide").unwrap().shape(), [2]);
}

#[test]
#[cfg(not(feature = "npz"))]
fn numpys_files_ask_for_their_feature() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/weights/layers.f32.npz");
    let error = net(1).load_with(file, &LoadOptions::new()).unwrap_err().to_string();
    assert!(
        error.ends_with(".npz: an npz file is read with shapewright's feature `npz`"),
        "{error}"
    );
}

#[test]
fn names_may_be_missing_or_unexpected_if_loading_is_not_strict() {
    let (mut dict, mut other) = (net(1).state_dict().unwrap(), net(2));
    let bias = other.head.bias().unwrap().as_vec();
    dict.remove("head.bias");
    dict.insert("decoder.weight", Array::of(&[1], &[0.5_f32]).unwrap());
    let report = other.load_state_dict_with(&dict, &LoadOptions::new().strict(false)).unwrap();
    assert_eq!(report.loaded, 7);
    assert_eq!(report.missing().collect::<Vec<_>>(), ["head.bias"]);
    assert_eq!(report.unexpected().collect::<Vec<_>>(), ["decoder.weight"]);
    assert_eq!(report.misshapen().count(), 0);
    assert_eq!(other.body.fc.weight.as_vec(), net(1).body.fc.weight.as_vec());
    assert_eq!(other.head.bias().unwrap().as_vec(), bias);
}

#[test]
fn other_shapes_are_skipped_only_if_asked_and_other_types_never() {
    let dict = net(1).state_dict().unwrap();
    let mut wide = AutoDevice::default().build_module::<Wide, f32>();
    let before = wide.state_dict().unwrap();
    let error = wide.load_state_dict_with(&dict, &LoadOptions::new().strict(false)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "these weights are not the network's:\n  \
         head.weight: [2, 3] in the state dict, [5, 3] in the network\n  \
         head.bias: [2] in the state dict, [5] in the network"
    );
    assert_eq!(wide.state_dict().unwrap(), before);

    let options = LoadOptions::new().skip_misshapen(true);
    let report = wide.load_state_dict_with(&dict, &options).unwrap();
    assert_eq!(report.misshapen().collect::<Vec<_>>(), ["head.weight", "head.bias"]);
    assert_eq!(report.loaded, 6);
    assert_eq!(wide.head.weight.as_vec(), before.values::<f32>("head.weight").unwrap());
    assert_eq!(wide.body.fc.weight.as_vec(), net(1).body.fc.weight.as_vec());

    let (mut dict, mut other) = (dict, net(2));
    dict.insert("head.bias", Array::of(&[2], &[1_i64, 2]).unwrap());
    let error = other.load_state_dict_with(&dict, &options.strict(false)).unwrap_err();
    let Error::Mismatch { path: None, mismatches, .. } = &error else { panic!("{error}") };
    assert!(matches!(&mismatches[..], [Mismatch::Dtype { name, .. }] if name == "head.bias"));
    assert_eq!(other.state_dict().unwrap(), net(2).state_dict().unwrap());
}

#[test]
fn a_prefix_is_taken_off_before_names_are_changed() {
    let mut dict = StateDict::new();
    let mut old = net(1).state_dict().unwrap();
    old.rename(|name| name.replace("body.", "trunk.")).unwrap();
    dict.merge("model.", old).unwrap();
    dict.insert("optimizer.step", Array::scalar(1_u64));
    let map: HashMap<&str, &str> = [
        ("trunk.fc.weight", "body.fc.weight"),
        ("trunk.fc.bias", "body.fc.bias"),
        ("trunk.1.weight", "body.1.weight"),
        ("trunk.1.bias", "body.1.bias"),
        ("trunk.1.running_mean", "body.1.running_mean"),
        ("trunk.1.running_var", "body.1.running_var"),
    ]
    .into();
    let options = LoadOptions::new()
        .prefix("model.")
        .rename(move |name| map.get(name).unwrap_or(&name).to_string());
    let mut other = net(2);
    let report = other.load_state_dict_with(&dict, &options).unwrap();
    assert_eq!((report.loaded, &report.skipped[..]), (8, &[][..]));
    assert_eq!(other.state_dict().unwrap(), net(1).state_dict().unwrap());

    let both = LoadOptions::new().prefix("model.").rename(|_| "head.bias".to_owned());
    let error = other.load_state_dict_with(&dict, &both).unwrap_err().to_string();
    assert_eq!(error, "`trunk.fc.weight` and `trunk.fc.bias` are both renamed to `head.bias`");
    assert_eq!(other.state_dict().unwrap(), net(1).state_dict().unwrap());
}

#[test]
fn a_prefix_too_many_or_too_few_is_named_and_the_help_helps() {
    let mut other = net(2);
    // As `torch.nn.DataParallel` saves a network, and what else a checkpoint may hold.
    let mut wrapped = StateDict::new();
    wrapped.merge("module.", net(1).state_dict().unwrap()).unwrap();
    wrapped.insert("step", Array::scalar(1_u64));
    let error = other.load_state_dict(&wrapped).unwrap_err().to_string();
    let help = "\nhelp: the network's names stand behind `module.`: load with \
                `LoadOptions::new().prefix(\"module.\")`";
    assert!(error.ends_with(help), "{error}");
    let options = LoadOptions::new().prefix("module.");
    assert_eq!(other.load_state_dict_with(&wrapped, &options).unwrap().loaded, 8);

    let mut bare = net(1).state_dict().unwrap().split("body.");
    bare.insert("1.num_batches_tracked", Array::scalar(1_i64));
    let mut outer = AutoDevice::default().build_module::<Outer, f32>();
    let error = outer.load_state_dict(&bare).unwrap_err().to_string();
    let help = "\nhelp: the names lack the network's `body.`: load with \
                `LoadOptions::new().rename(|name| format!(\"body.{name}\"))`";
    assert!(error.ends_with(help), "{error}");
    let options = LoadOptions::new().rename(|name| format!("body.{name}"));
    assert_eq!(outer.load_state_dict_with(&bare, &options).unwrap().loaded, 6);

    let options = LoadOptions::new().prefix("ema.");
    let error = other.load_state_dict_with(&wrapped, &options).unwrap_err().to_string();
    assert!(error.ends_with("\nhelp: no name begins with `ema.`"), "{error}");
}

#[test]
fn there_is_no_help_where_it_is_not_sure() {
    let mut other = net(2);
    let mut two = StateDict::new();
    two.merge("a.", net(1).state_dict().unwrap()).unwrap();
    two.merge("b.", net(1).state_dict().unwrap()).unwrap();
    let mut part = StateDict::new();
    part.merge("a.", net(1).state_dict().unwrap()).unwrap();
    part.remove("a.head.bias");
    for dict in [two, part, StateDict::new()] {
        let error = other.load_state_dict(&dict).unwrap_err();
        assert!(matches!(error, Error::Mismatch { help: None, .. }), "{error}");
    }
}

/// A collection whose tensors may have the `SAME` name. On `Cpu`, where alone there are tensors
/// without elements.
struct Pair<const SAME: bool> {
    none: Tensor<Rank2<0, 3>, f32, Cpu>,
    one: Tensor<Rank1<1>, f32, Cpu>,
}

impl<const SAME: bool> TensorCollection<f32, Cpu> for Pair<SAME> {
    type To<E2: dfdx::shapes::Dtype, D2: Device<E2>> = Self;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let name = if SAME { "none" } else { "one" };
        let zeros = TensorOptions::reset_to_zeros();
        let none = Self::tensor("none", |s| &s.none, |s| &mut s.none, zeros);
        let zeros = TensorOptions::reset_to_zeros();
        let one = Self::tensor(name, |s| &s.one, |s| &mut s.one, zeros);
        // Never built, nor moved to another device.
        visitor.visit_fields((none, one), |_| unreachable!())
    }
}

fn pair<const SAME: bool>(value: f32) -> Pair<SAME> {
    let dev = Cpu::default();
    Pair { none: dev.zeros(), one: dev.tensor([value]) }
}

#[test]
fn tensors_without_elements_are_saved_and_loaded() {
    let (saved, mut other) = (pair::<false>(1.0).state_dict().unwrap(), pair::<false>(2.0));
    assert_eq!(saved.get("none").unwrap().shape(), [0, 3]);
    let saved = StateDict::from_safetensors_bytes(&saved.to_safetensors_bytes().unwrap()).unwrap();
    other.load_state_dict(&saved).unwrap();
    assert_eq!(other.one.array(), [1.0]);
}

#[test]
fn two_tensors_of_one_name_are_an_error() {
    let error = pair::<true>(1.0).state_dict().unwrap_err();
    assert!(matches!(&error, Error::Duplicate { name } if name == "none"), "{error}");
}
