//! Pictures as files: what they show, where, and what is refused.

use std::fs;
use std::path::PathBuf;

use shapewright::plot::{
    Canvas, ClassMap, Color, ColorMap, Curves, Error, Figure, Heatmap, ImageGrid, Panels,
    class_color,
};
use shapewright::prelude::*;
use shapewright::train::ConfusionMatrix;

/// A saved picture.
struct Png {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Png {
    fn of(figure: &impl Figure, name: &str) -> Self {
        let file = path(&format!("new/{name}.png"));
        figure.save(&file).unwrap();
        let mut reader =
            png::Decoder::new(std::io::Cursor::new(fs::read(&file).unwrap())).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgb).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgb);
        let [width, height] = figure.size().map(|side| 2 * side.ceil() as usize);
        let png = Png { width: info.width as usize, height: info.height as usize, rgb };
        assert_eq!([png.width, png.height], [width, height], "two pixels for a point");
        png
    }

    /// The colour at a place in points.
    fn at(&self, x: f32, y: f32) -> Color {
        let i = (2.0 * y) as usize * self.width + (2.0 * x) as usize;
        [self.rgb[3 * i], self.rgb[3 * i + 1], self.rgb[3 * i + 2]]
    }

    fn count(&self, color: Color) -> usize {
        self.rgb.chunks(3).filter(|&pixel| pixel == color).count()
    }

    /// Nothing has run into the edge: the outermost pixels are paper.
    fn assert_margin(&self) {
        let (w, h) = (self.width, self.height);
        let edge = (0..w).flat_map(|x| [(x, 0), (x, h - 1)]);
        for (x, y) in edge.chain((0..h).flat_map(|y| [(0, y), (w - 1, y)])) {
            let i = 3 * (y * w + x);
            assert_eq!(self.rgb[i..i + 3], [255; 3], "at {x}, {y}");
        }
    }
}

fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("shapewright-plot-{}", std::process::id())).join(name)
}

fn svg(figure: &impl Figure, name: &str) -> String {
    let file = path(&format!("{name}.SVG"));
    figure.save(&file).unwrap();
    fs::read_to_string(file).unwrap()
}

#[test]
fn a_grid_shows_every_pixel_of_every_image() {
    let dev = AutoDevice::default();
    // Two images of 2 × 3 pixels, black to white over both.
    let images = dev.tensor([[[[0.0f32, 1.0, 2.0], [3.0, 4.0, 5.0]]], [[[10.0; 3], [5.0; 3]]]]);
    let grid = ImageGrid::new(&images).unwrap().columns(2).scale(10.0);
    let png = Png::of(&grid, "grid");
    png.assert_margin();
    let grey = |x: f32| [(25.5 * x).round() as u8; 3];
    for row in 0..2 {
        for column in 0..3 {
            let at = [14.0 + 10.0 * column as f32 + 5.0, 14.0 + 10.0 * row as f32 + 5.0];
            assert_eq!(png.at(at[0], at[1]), grey((3 * row + column) as f32));
            let second = if row == 0 { 10.0 } else { 5.0 };
            assert_eq!(png.at(at[0] + 34.0, at[1]), grey(second));
        }
    }
    assert_eq!(png.at(14.0 + 32.0, 24.0), [255; 3], "a gap");
}

#[test]
fn red_green_and_blue_are_planes() {
    let dev = AutoDevice::default();
    let image = dev.tensor([[[1.0f32, 0.0]], [[0.5, 0.0]], [[0.0, 1.0]]]);
    let png = Png::of(&ImageGrid::new(&image).unwrap().scale(20.0).range(0.0..=1.0), "rgb");
    assert_eq!((png.at(24.0, 24.0), png.at(44.0, 24.0)), ([255, 128, 0], [0, 0, 255]));
}

#[test]
fn kernels_are_around_zero_and_channels_from_their_own_ends() {
    let dev = AutoDevice::default();
    let weight = dev.tensor([[[[-1.0f64, 0.0]], [[4.0, -4.0]]]]);
    let png = Png::of(&ImageGrid::kernels(&weight).unwrap().scale(20.0), "kernels");
    let color = |share| ColorMap::Diverging.color(share);
    assert_eq!([png.at(24.0, 24.0), png.at(44.0, 24.0)], [color(0.375), color(0.5)]);
    assert_eq!([png.at(68.0, 24.0), png.at(88.0, 24.0)], [color(1.0), color(0.0)]);

    let features = dev.tensor([[[0.0f32, 1.0]], [[100.0, 300.0]]]);
    let png = Png::of(&ImageGrid::channels(&features).unwrap().columns(2).scale(20.0), "channels");
    let color = |share| ColorMap::Viridis.color(share);
    assert_eq!([png.at(24.0, 24.0), png.at(44.0, 24.0)], [color(0.0), color(1.0)]);
    assert_eq!([png.at(68.0, 24.0), png.at(88.0, 24.0)], [color(0.0), color(1.0)]);
}

#[test]
fn a_heat_map_writes_its_numbers() {
    let dev = AutoDevice::default();
    let matrix = dev.tensor([[2.0f32, 0.0, -2.0], [2.5, 1.0, -1.25]]);
    let map = Heatmap::new(&matrix).unwrap().title("a & b\u{1}").rows(["up", "down"]).columns(0..3);
    Png::of(&map, "heat").assert_margin();
    let svg = svg(&map, "heat");
    for text in ["a &amp; b\u{fffd}", "up", "down", "2.00", "−2.00", "2.50", "−1.25"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text} is not in:\n{svg}");
    }
    let whole = Heatmap::new(&dev.tensor([[[[16.0f32, -32.0]]]])).unwrap();
    assert!(self::svg(&whole, "whole").contains(">−32</text>"));
}

#[test]
fn a_confusion_matrix_has_names_and_counts() {
    let mut matrix = ConfusionMatrix::new(2).with_names(["cat", "dog"]);
    for (label, said) in [(0, 0), (0, 0), (0, 1), (1, 1)] {
        matrix.add(label, said);
    }
    let map = Heatmap::confusion(&matrix).title("pets");
    let png = Png::of(&map, "confusion");
    png.assert_margin();
    assert!(png.count(ColorMap::Blues.color(2.0 / 3.0)) > 500, "a part of the row");
    let svg = svg(&map, "confusion");
    for text in ["cat", "dog", "label", "predicted", "2", "0"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text} is not in:\n{svg}");
    }
}

#[test]
fn a_class_map_has_the_classes_colours_and_a_legend() {
    let map = ClassMap::new(&[0, 1, 2, 1], 2, 2).unwrap().scale(20.0).names([
        "sky",
        "tree",
        "a very long name",
    ]);
    let png = Png::of(&map, "classes");
    png.assert_margin();
    let at = |x: f32, y: f32| png.at(14.0 + 20.0 * x + 10.0, 14.0 + 20.0 * y + 10.0);
    assert_eq!([at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0)], [0, 1, 2].map(class_color));
    assert!(svg(&map, "classes").contains(">a very long name</text>"));
    let map = map.background(1);
    let png = Png::of(&map, "background");
    let at = |x: f32, y: f32| png.at(14.0 + 20.0 * x + 10.0, 14.0 + 20.0 * y + 10.0);
    assert_eq!([at(0.0, 0.0), at(1.0, 0.0)], [class_color(0), [255; 3]]);
    assert!(!svg(&map, "background").contains(">tree</text>"));

    // As strong as it is probable: one of two with the same score is half white.
    let dev = AutoDevice::default();
    let logits = dev.tensor([[[0.0f32, 30.0]], [[0.0, 0.0]], [[-99.0, 0.0]]]);
    let png = Png::of(&ClassMap::of_logits(&logits).unwrap().scale(20.0), "logits");
    let half = class_color(1).map(|c| (255.0 + (f32::from(c) - 255.0) * 0.5).round() as u8);
    assert_eq!((png.at(24.0, 24.0), png.at(44.0, 24.0)), (half, class_color(0)));
}

#[test]
fn curves_go_where_the_numbers_are() {
    let curves = Curves::new()
        .line("up", [(0.0, 0.0), (4.0, 8.0)])
        .line("level", [(0.0, 4.0), (4.0, 4.0)])
        .x_label("step")
        .y_label("loss")
        .title("two lines");
    let png = Png::of(&curves, "curves");
    png.assert_margin();
    let [width, height] = curves.size();
    assert!(width > 380.0 && height > 220.0);
    for color in [class_color(0), class_color(1)] {
        assert!(png.count(color) > 1000, "a line of {color:?}");
    }
    let svg = svg(&curves, "curves");
    for text in ["up", "level", "step", "loss", "two lines", "0", "4", "8"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text} is not in:\n{svg}");
    }
}

#[test]
fn lines_break_at_what_is_no_number_and_nothing_is_a_picture_too() {
    let nan = [(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0), (3.0, 4.0), (4.0, f64::INFINITY)];
    let svg = svg(&Curves::new().line("broken", nan), "broken");
    let color = "stroke=\"#0072b2\"";
    assert_eq!(svg.matches(color).count(), 2, "the legend's and the piece of two points:\n{svg}");
    assert_eq!(svg.matches("<circle").count(), 1, "a point by itself:\n{svg}");
    Png::of(&Curves::new(), "no-curves").assert_margin();
    Png::of(&Curves::new().line("zeros", [(0.0, 0.0)]).log_y(), "log-zero").assert_margin();
}

#[test]
fn panels_place_figures_in_rows() {
    struct Plain(f32, Color);
    impl Figure for Plain {
        fn size(&self) -> [f32; 2] {
            [self.0; 2]
        }
        fn draw(&self, canvas: &mut Canvas<'_>) {
            let [width, height] = canvas.size();
            canvas.fill([0.0, 0.0, width, height], self.1);
        }
    }
    let colors = [[200, 0, 0], [0, 200, 0], [0, 0, 200]];
    let [red, green, blue] = colors;
    let panels =
        Panels::new().with(Plain(20.0, red)).with(Plain(30.0, green)).with(Plain(10.0, blue));
    assert_eq!(panels.size(), [60.0, 30.0]);
    let panels = panels.columns(2);
    assert_eq!(panels.size(), [50.0, 40.0]);
    let png = Png::of(&panels, "panels");
    assert_eq!([png.at(5.0, 5.0), png.at(45.0, 25.0), png.at(5.0, 35.0)], colors);
    assert_eq!(colors.map(|color| png.count(color)), [1600, 3600, 400]);
}

#[test]
fn what_cannot_be_shown_is_refused_in_words() {
    let dev = AutoDevice::default();
    let words = |error: Error| error.to_string();
    let two: Tensor<Rank4<1, 2, 4, 4>, f32, _> = dev.zeros();
    let grid = words(ImageGrid::new(&two).unwrap_err());
    assert!(grid.contains("c of 1 or 3") && grid.contains("[1, 2, 4, 4]"), "{grid}");
    let line: Tensor<Rank1<4>, f32, _> = dev.zeros();
    assert!(words(Heatmap::new(&line).unwrap_err()).contains("[4]"));
    assert!(words(Heatmap::new(&two).unwrap_err()).contains("[1, 2, 4, 4]"));
    assert!(words(ImageGrid::kernels(&line).unwrap_err()).contains("[out, in, h, w]"));
    let plane: Tensor<Rank2<4, 4>, f32, _> = dev.zeros();
    assert!(words(ImageGrid::channels(&plane).unwrap_err()).contains("[4, 4]"));
    assert!(words(ClassMap::of_logits(&plane).unwrap_err()).contains("[4, 4]"));
    let none = dev.zeros_like(&(0usize, Const::<1>, Const::<4>, Const::<4>));
    let none: Tensor<_, f32, _> = none;
    assert!(words(ImageGrid::new(&none).unwrap_err()).contains("[0, 1, 4, 4]"));
    assert!(words(ClassMap::new(&[0; 5], 2, 3).unwrap_err()).contains("2 × 3"));
    let map = ClassMap::new(&[0; 6], 2, 3).unwrap();
    assert!(words(map.over(&plane).unwrap_err()).contains("[4, 4]"));
    assert!(
        words(Curves::metric(&[], "x").and_then(|c| c.save(path("no.jpg"))).unwrap_err())
            .contains("`.png` or `.svg`")
    );

    let map = Heatmap::new(&plane).unwrap();
    let file = path("file");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "").unwrap();
    assert!(words(map.save(file.join("below.png")).unwrap_err()).contains("below.png"));
    let large = ImageGrid::new(&plane).unwrap().scale(1e9);
    assert!(words(large.save(path("large.png")).unwrap_err()).contains("too large"));
    let square = ImageGrid::new(&plane).unwrap().scale(2000.0);
    assert!(words(square.save(path("square.png")).unwrap_err()).contains("too large"));
    let no_size = ImageGrid::new(&plane).unwrap().scale(f32::NAN);
    assert!(words(no_size.save(path("nan.png")).unwrap_err()).contains("too large"));
}

#[test]
fn numbers_that_are_none_have_a_colour() {
    let dev = AutoDevice::default();
    let odd = dev.tensor([[f32::NAN, f32::INFINITY], [f32::NEG_INFINITY, 1.0]]);
    Png::of(&Heatmap::new(&odd).unwrap(), "odd").assert_margin();
    let png = Png::of(&ImageGrid::new(&odd).unwrap().scale(20.0), "odd-image");
    assert_eq!(png.at(24.0, 24.0), [128; 3]);
}
