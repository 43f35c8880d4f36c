//! What the network is trained for.
use shapewright::losses::cross_entropy;
use shapewright::prelude::*;
use shapewright::train::{ConfusionMatrix, Error, Labelled, Loss, Objective, Scores};

use super::network::UNet;
use super::scenes::{CLASSES, SIZE, Scenes};

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
        let scores = scores(&logits.as_vec(), scenes);
        Ok((cross_entropy(logits, scenes.labels())?, scores))
    }

    fn evaluate(&self, dev: &Cpu, net: &UNet, scenes: &Scenes) -> Result<Scores, Error> {
        let logits = net.try_forward(scenes.images(dev)?)?;
        let scores = scores(&logits.as_vec(), scenes);
        let loss = cross_entropy(logits, scenes.labels())?.array();
        Ok(scores.with_loss(loss.into()))
    }
}

fn scores(logits: &[f32], scenes: &Scenes) -> Scores {
    let mut matrix = ConfusionMatrix::new(CLASSES.len());
    for (&label, said) in scenes.labels().iter().zip(classes(logits)) {
        matrix.add(label, said);
    }
    Scores::of(scenes.dims()[0]).with_metric(matrix.accuracy()).with_metric(mean_iou(&matrix))
}

/// The class of the highest logit at each pixel, scene by scene.
pub fn classes(logits: &[f32]) -> Vec<usize> {
    let scenes = logits.chunks(CLASSES.len() * SIZE * SIZE);
    let best = |scene: &[f32], pixel: usize| {
        let logit = |class: usize| scene[class * SIZE * SIZE + pixel];
        (1..CLASSES.len())
            .fold(0, |best, class| if logit(class) > logit(best) { class } else { best })
    };
    scenes.flat_map(|scene| (0..SIZE * SIZE).map(move |pixel| best(scene, pixel))).collect()
}

/// The mean over the classes that are there.
pub fn mean_iou(matrix: &ConfusionMatrix) -> f64 {
    let all = (0..matrix.classes()).map(|class| matrix.iou(class)).filter(|iou| !iou.is_nan());
    all.clone().sum::<f64>() / all.count() as f64
}
