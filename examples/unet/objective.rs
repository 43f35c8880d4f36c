//! What the network is trained for.
use shapewright::losses::cross_entropy;
use shapewright::prelude::*;
use shapewright::train::{ConfusionMatrix, Error, Labelled, Loss, Objective, Scores};

use super::network::UNet;
use super::scenes::{CLASSES, Scenes};

/// The cross entropy of each pixel, with the part of pixels that are right and the mean IoU.
pub struct Segmentation;

impl Objective<UNet, Scenes, f32, Cpu> for Segmentation {
    fn metrics(&self) -> &[&'static str] {
        &["accuracy", "IoU"]
    }

    fn train(
        &self,
        dev: &Cpu,
        net: &mut UNet,
        scenes: &Scenes,
        gradients: Gradients<f32, Cpu>,
    ) -> Result<(Loss<f32, Cpu>, Scores), Error> {
        let logits = net.try_forward_mut(scenes.images(dev)?.traced(gradients))?;
        let scores = scores(argmax(&logits), scenes);
        Ok((cross_entropy(logits, scenes.labels())?, scores))
    }

    fn evaluate(&self, dev: &Cpu, net: &UNet, scenes: &Scenes) -> Result<Scores, Error> {
        let logits = net.try_forward(scenes.images(dev)?)?;
        let scores = scores(argmax(&logits), scenes);
        let loss = cross_entropy(logits, scenes.labels())?.array();
        Ok(scores.with_loss(loss.into()))
    }
}

fn scores(classes: Vec<usize>, scenes: &Scenes) -> Scores {
    let mut matrix = ConfusionMatrix::new(CLASSES.len());
    for (&label, said) in scenes.labels().iter().zip(classes) {
        matrix.add(label, said);
    }
    Scores::of(scenes.dims()[0]).with_metric(matrix.accuracy()).with_metric(mean_iou(&matrix))
}

/// The mean over the classes that are there.
pub fn mean_iou(matrix: &ConfusionMatrix) -> f64 {
    let all = (0..matrix.classes()).map(|class| matrix.iou(class)).filter(|iou| !iou.is_nan());
    all.clone().sum::<f64>() / all.count() as f64
}
