//! What is printed and drawn of the trainings.
use std::error::Error;
use std::io::{self, Write};

use shapewright::data::{Images, Loader};
use shapewright::ops::Backend;
use shapewright::plot::{Curves, Heatmap, ImageGrid, Panels};

use super::{Args, Trained};

/// The first images and what they show.
pub fn grid<D: Backend<f32>>(dev: &D, images: &Images) -> Result<ImageGrid, Box<dyn Error>> {
    let first = Loader::new(images.clone()).batch_size(40).epoch(0).next();
    let batch = first.ok_or("there is no test image")??;
    let names = batch.labels.iter().map(|&label| &images.class_names()[label]);
    let grid = ImageGrid::new(&batch.images::<3, 32, 32, f32, _>(dev)?)?;
    Ok(grid.range(0.0..=1.0).columns(10).captions(names))
}

/// Accuracies, the trainings as curves, and what the better network takes for what.
pub fn print(args: &Args, trained: &[Trained]) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    writeln!(out, "\n         accuracy  test loss")?;
    let mut panels = Panels::new();
    for Trained { name, history, evaluation } in trained {
        let (accuracy, loss) = (evaluation.accuracy(), evaluation.loss);
        writeln!(out, "{name:7} {accuracy:9.4}  {loss:9.4}")?;
        panels = panels.with(Curves::training(history).title(*name));
        panels = panels.with(Curves::metric(history, "accuracy")?.title(*name));
    }
    args.pictures.save("cifar10_training.png", &panels.columns(2))?;

    let accuracy = |trained: &&Trained| trained.evaluation.accuracy();
    let best = trained.iter().max_by(|a, b| accuracy(a).total_cmp(&accuracy(b)));
    if let Some(Trained { name, evaluation, .. }) = best {
        let heatmap = Heatmap::confusion(&evaluation.confusion).title(*name);
        args.pictures.save("cifar10_confusion.png", &heatmap)?;
    }
    check(args, trained)
}

/// What is sure of the drawn images and the usual epochs.
fn check(args: &Args, trained: &[Trained]) -> Result<(), Box<dyn Error>> {
    if args.data.is_some() || args.epochs.is_some() {
        return Ok(());
    }
    for Trained { name, history, .. } in trained {
        let losses: Vec<f64> = history.iter().map(|epoch| epoch.train.loss).collect();
        if losses.last() >= losses.first() {
            return Err(format!("{name} has learned nothing: its losses are {losses:.3?}").into());
        }
    }
    if let [lenet, resnet] = trained
        && !args.short
    {
        let [lenet, resnet] = [lenet, resnet].map(|trained| trained.evaluation.accuracy());
        if resnet < 0.85 || resnet < lenet + 0.05 {
            let sentence = format!("ResNet's accuracy of {resnet:.3} should be far above LeNet's");
            return Err(sentence.into());
        }
    }
    Ok(())
}
