//! The layers' names, and what other libraries call them.

use crate::ast::Call;
use crate::diagnostics::{helped, nearest};

/// All names, by what they do.
const GROUPS: &[(&str, &[&str])] = &[
    ("convolutions", &["Conv2d", "Conv1d", "ConvTranspose2d"]),
    (
        "pools",
        &[
            "MaxPool2d",
            "MinPool2d",
            "AvgPool2d",
            "LpPool2d",
            "MaxPool1d",
            "MinPool1d",
            "AvgPool1d",
            "LpPool1d",
            "AdaptiveAvgPool2d",
            "AdaptiveMaxPool2d",
            "GlobalAvgPool2d",
            "GlobalMaxPool2d",
        ],
    ),
    ("linear", &["Linear"]),
    ("normalisations", &["BatchNorm2d", "BatchNorm1d", "LayerNorm", "GroupNorm"]),
    ("shapes", &["Flatten", "Reshape", "Upsample", "ZeroPad2d"]),
    ("dropout", &["Dropout", "Dropout2d"]),
    (
        "activations",
        &[
            "ReLU",
            "LeakyReLU",
            "ELU",
            "GELU",
            "SiLU",
            "Sigmoid",
            "Tanh",
            "Softplus",
            "Softmax",
            "LogSoftmax",
        ],
    ),
];

/// Names in PyTorch, Keras and dfdx that are no misspellings of ours, and what they are here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Dense", "Linear"),
    ("FullyConnected", "Linear"),
    ("LazyLinear", "Linear"),
    ("Conv", "Conv2d"),
    ("LazyConv2d", "Conv2d"),
    ("Convolution2D", "Conv2d"),
    ("Conv2DTranspose", "ConvTranspose2d"),
    ("Deconv2d", "ConvTranspose2d"),
    ("MaxPooling2D", "MaxPool2d"),
    ("MaxPooling1D", "MaxPool1d"),
    ("AveragePooling2D", "AvgPool2d"),
    ("AveragePooling1D", "AvgPool1d"),
    ("GlobalAveragePooling2D", "GlobalAvgPool2d"),
    ("GlobalMaxPooling2D", "GlobalMaxPool2d"),
    ("AvgPoolGlobal", "GlobalAvgPool2d"),
    ("MaxPoolGlobal", "GlobalMaxPool2d"),
    ("BatchNormalization", "BatchNorm2d"),
    ("LayerNormalization", "LayerNorm"),
    ("GroupNormalization", "GroupNorm"),
    ("UpSampling2D", "Upsample"),
    ("Upscale2D", "Upsample"),
    ("Unflatten", "Reshape"),
    ("ZeroPadding2D", "ZeroPad2d"),
    ("SpatialDropout2D", "Dropout2d"),
    ("Swish", "SiLU"),
    ("Softmax2d", "Softmax"),
    ("Identity", "{}"),
    ("Sequential", "{ … }"),
];

/// Well-known layers that are not there.
const MISSING: &[&str] = &[
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose3d",
    "MaxPool3d",
    "AvgPool3d",
    "BatchNorm3d",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "LSTM",
    "GRU",
    "RNN",
    "Embedding",
    "MultiheadAttention",
    "PReLU",
    "ReLU6",
    "CELU",
    "SELU",
    "Mish",
    "Hardswish",
    "Hardsigmoid",
    "Hardtanh",
    "Softsign",
    "Softmin",
    "GLU",
    "PixelShuffle",
    "Bilinear",
    "LocalResponseNorm",
    "RMSNorm",
    "AdaptiveAvgPool1d",
    "AdaptiveMaxPool1d",
    "FractionalMaxPool2d",
    "ReflectionPad2d",
];

pub fn is_layer(name: &str) -> bool {
    all().any(|known| known == name)
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|(_, names)| names.iter().copied())
}

/// Whether a layer from here is meant, though its name may be wrong: one name, and near to one of
/// theirs, well known, or with arguments. Else it is the path of a network, as the name of any of
/// `siblings` is, the networks beside this one.
pub fn is_built_in(call: &Call, siblings: &[String]) -> bool {
    let Some(name) = call.path.get_ident().map(ToString::to_string) else { return false };
    if is_layer(&name) {
        return true;
    }
    if !call.generics.is_empty() || siblings.contains(&name) {
        return false;
    }
    let arguments = !call.positional.is_empty() || !call.named.is_empty();
    arguments || meant(&name).is_some() || MISSING.contains(&name.as_str())
}

/// The name here, of a name elsewhere or one with a mistake in it.
fn meant(name: &str) -> Option<&'static str> {
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name);
    elsewhere.map(|(_, ours)| *ours).or_else(|| {
        // PyTorch's and dfdx's spellings differ in case only.
        nearest(name, &all().collect::<Vec<_>>()).filter(|_| !MISSING.contains(&name))
    })
}

/// The message for a name that is none.
pub fn unknown(call: &Call) -> String {
    let name = call.layer.to_string();
    if name == "Sequential" {
        return helped(
            "there is no layer `Sequential`",
            &["a group of steps is a block: `name: { … }`".to_string()],
        );
    }
    if let Some(meant) = meant(&name) {
        return format!("there is no layer `{name}`; did you mean `{meant}`?");
    }
    let mut message = format!("there is no layer `{name}`; there are\n");
    for (group, names) in GROUPS {
        for (i, names) in names.chunks(4).enumerate() {
            let group = if i == 0 { group } else { "" };
            message += &format!("\n  {group:14}  {}", list_plain(names));
        }
    }
    let path = "a network of your own is written as its path: `self::".to_string() + &name + "`";
    if call.positional.is_empty() && call.named.is_empty() {
        helped(message, &[path])
    } else {
        message
    }
}

fn list_plain(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
