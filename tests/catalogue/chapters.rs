//! The chapters of `docs/errors.md`, in their order.

pub struct Chapter {
    /// The folder in `ui-tests/fail`.
    pub folder: &'static str,
    pub title: &'static str,
    pub words: &'static str,
}

const fn chapter(folder: &'static str, title: &'static str, words: &'static str) -> Chapter {
    Chapter { folder, title, words }
}

pub const CHAPTERS: &[Chapter] = &[
    chapter(
        "claims",
        "Claims that don't hold",
        "What the program says of its own shapes, inputs, checkpoints and outputs, is checked \
         against what the layers give.",
    ),
    chapter(
        "shapes",
        "Layers that can't take what arrives",
        "An image where features are taken, a kernel larger than its input, channels that the \
         groups don't divide.",
    ),
    chapter(
        "blocks",
        "Branches, shortcuts and rounds",
        "The paths of a block have to meet, and each round of a `Repeat` needs the same weights.",
    ),
    chapter(
        "networks",
        "Networks in networks",
        "A network, or a layer of one's own, is checked where it is used as a step.",
    ),
    chapter(
        "options",
        "Options and their values",
        "Options that a layer does not have or needs, and values that it can't have.",
    ),
    chapter("syntax", "What is not the language of `net!`", "Each says what to write instead."),
    chapter(
        "lints",
        "What compiles but is hardly meant",
        "Networks that can be built, but in which something has no effect.",
    ),
    chapter(
        "any_size",
        "Networks for any image size",
        "With `for<H, W>` the sizes are computed by the compiler in types, where the network is \
         used.",
    ),
    chapter(
        "forward",
        "Using a network",
        "The tensors given to a network and got from it have their shapes as types.",
    ),
    chapter(
        "modules",
        "The layers as types for dfdx's tuples",
        "Without the macro, the shapes are inferred through the types.",
    ),
];
