//! What a network says to an input of another size. Its methods take one of any size, under the
//! bound that it is the declared one, so that the sentence is ours: the type itself would only be
//! another than the one expected.

/// That images of `[C, H, W]` are those that a network takes, of `[C0, H0, W0]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes images of [{C0}, {H0}, {W0}], but these are [{C}, {H}, {W}]",
    label = "images of [{C}, {H}, {W}]",
    note = "declare it for [{C}, {H}, {W}], or bring the images to [{C0}, {H0}, {W0}]"
)]
pub trait TakesImages<
    const C: usize,
    const H: usize,
    const W: usize,
    const C0: usize,
    const H0: usize,
    const W0: usize,
>
{
}

/// That sequences of `[C, L]` are those that a network takes, of `[C0, L0]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes sequences of [{C0}, {L0}], but these are [{C}, {L}]",
    label = "sequences of [{C}, {L}]",
    note = "declare it for [{C}, {L}], or bring the sequences to [{C0}, {L0}]"
)]
pub trait TakesSequences<const C: usize, const L: usize, const C0: usize, const L0: usize> {}

/// That inputs of `F` features are those that a network takes, of `F0`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes {F0} features, but these are {F}",
    label = "{F} features",
    note = "declare it for [{F}]"
)]
pub trait TakesVectors<const F: usize, const F0: usize> {}

/// That inputs of any size and `C` channels are those that a network takes, of `C0`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes {C0} channels, but there are {C}",
    label = "{C} channels",
    note = "declare it for {C} channels"
)]
pub trait TakesChannels<const C: usize, const C0: usize> {}
