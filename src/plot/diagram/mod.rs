//! The diagram of a network.

mod draw;
mod kind;
mod layout;
mod legend;
mod outline;
mod volume;
mod words;

use layout::Layout;
use legend::Legend;
use outline::Outline;

use super::{Anchor, Canvas, Error, Figure, Font, theme};
use crate::network::Declared;
use crate::shape::{self, Network, Shape};
use crate::summary::group;

/// A network declared with [`net!`](crate::net!), drawn as what flows through it.
///
/// Every layer is the box of what it gives, whose shape is written below: its height and depth go
/// with the square root of the image's sides, its thickness with the logarithm of the channels.
/// Layers that keep the shape, such as activations, are thin slices on the box before them. The
/// branches of a `Residual`, `Sum` or `Concat` lead past the longest one of them, with their layers
/// written above.
///
/// ```
/// use shapewright::plot::{Diagram, Figure};
/// use shapewright::prelude::*;
///
/// net! {
///     struct Net: [1, 28, 28] -> [10] {
///         conv: Conv2d(8, kernel = 3),
///         ReLU,
///         MaxPool2d(2),
///         Flatten,
///         fc: Linear(10),
///     }
/// }
///
/// let file = std::env::temp_dir().join("shapewright-diagram.svg");
/// Diagram::of::<Net>().save(&file)?;
/// assert!(std::fs::read_to_string(file).unwrap().contains("8 × 26 × 26"));
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
///
/// The boxes are in the manner of LeCun et al., 1998, "Gradient-based learning applied to document
/// recognition", figure 2, and of its successors.
#[derive(Clone, Debug)]
pub struct Diagram {
    network: &'static Network<'static>,
    input: Shape,
    depth: usize,
    width: f32,
    title: String,
}

impl Diagram {
    /// Of a declared network; of one for any image size, for a usual one that it takes, 224 × 224
    /// if it does. To see another, [`of_input`](Diagram::of_input).
    pub fn of<N: Declared>() -> Self {
        Self::new(&N::NETWORK, N::NETWORK.example())
    }

    /// Of a network for any image size, for an input of this shape, without the batch.
    ///
    /// ```
    /// use shapewright::plot::Diagram;
    /// use shapewright::prelude::*;
    ///
    /// net! {
    ///     struct Map: for<H, W> [3, H, W] -> [2, _, _] { Conv2d(2, kernel = 5) }
    /// }
    ///
    /// let diagram = Diagram::of_input::<Map>(&[3, 480, 640])?;
    /// let error = Diagram::of_input::<Map>(&[3, 4, 4]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the kernel of `Conv2d` reaches over 5 rows, but its input has 4",
    /// );
    /// # Ok::<_, shapewright::plot::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the network does not take it.
    pub fn of_input<N: Declared>(input: &[usize]) -> Result<Self, Error> {
        let network: &Network = &N::NETWORK;
        let shape = Shape::from_dims(input).filter(|shape| network.input.holds(shape));
        let Some(shape) = shape else {
            let (name, example) = (network.name, network.example());
            let takes = format!("`{name}` takes inputs such as {example}, but this is {input:?}");
            return Err(Error::Invalid(takes));
        };
        match network.run(shape) {
            Ok(_) => Ok(Self::new(network, shape)),
            Err(mistake) => {
                let words = shape::words::headline(network, &mistake);
                Err(Error::Invalid(words.as_str().to_string()))
            }
        }
    }

    fn new(network: &'static Network<'static>, input: Shape) -> Self {
        Diagram { network, input, depth: 0, width: 900.0, title: network.name.to_string() }
    }

    /// Opens so many levels of inner networks, named blocks and `Repeat`s (default 0: each is one
    /// box).
    #[must_use]
    pub fn depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    /// Breaks the line where it would be wider than so many points (default 900).
    #[must_use]
    pub fn width(mut self, points: f32) -> Self {
        self.width = points;
        self
    }

    /// The line above it instead of the network's name.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    fn outline(&self) -> (Outline, Layout, Legend) {
        let outline = Outline::of(self.network, self.input, self.depth);
        let layout = Layout::of(&outline, self.width);
        let legend = Legend::of(&outline, layout.width);
        (outline, layout, legend)
    }

    /// What is said in smaller letters behind the title.
    fn subtitle(&self) -> String {
        format!("{} parameters", group(self.network.parameters() as u64))
    }
}

/// Between the title and what it says further.
const SUBTITLE: Font = Font::new(theme::TEXT);

impl Figure for Diagram {
    fn size(&self) -> [f32; 2] {
        let (_, layout, legend) = self.outline();
        let title = Canvas::text_width(&self.title, Font::bold(theme::TITLE));
        let title = title + 2.0 * theme::GAP + Canvas::text_width(&self.subtitle(), SUBTITLE);
        let height = theme::TITLE_LINE + layout.height() + theme::GAP + legend.height();
        [layout.width.max(title + 2.0 * theme::MARGIN), height + 2.0 * theme::MARGIN]
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let (outline, layout, legend) = self.outline();
        let (bold, y) = (Font::bold(theme::TITLE), theme::MARGIN + theme::TITLE / 2.0);
        canvas.text(&self.title, [layout::GAP, y], Anchor::Start, bold, theme::INK);
        let behind = layout::GAP + Canvas::text_width(&self.title, bold) + 2.0 * theme::GAP;
        canvas.text(&self.subtitle(), [behind, y], Anchor::Start, SUBTITLE, theme::FAINT);
        let [width, height] = canvas.size();
        let top = theme::MARGIN + theme::TITLE_LINE;
        draw::rows(&mut canvas.part([0.0, top], [width, height - top]), &outline, &layout);
        let top = top + layout.height() + theme::GAP;
        legend.draw(&mut canvas.part([0.0, top], [width, height - top]));
    }
}
