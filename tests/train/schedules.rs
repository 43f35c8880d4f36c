//! Learning rates, against PyTorch's.

use serde_json::Value;
use shapewright::train::schedule::*;

#[track_caller]
fn assert_pytorchs(name: &str, schedule: impl Schedule) {
    let all: Value = serde_json::from_str(include_str!("../data/training.json")).unwrap();
    let case = &all["schedules"];
    let count = |key: &str| case[key].as_u64().unwrap() as usize;
    let (epochs, steps_per_epoch) = (count("epochs"), count("steps_per_epoch"));
    let rates = case["rates"][name].as_array().unwrap();
    assert_eq!(rates.len(), epochs * steps_per_epoch);
    for (step, rate) in rates.iter().enumerate() {
        let at = At { step, steps: rates.len(), steps_per_epoch };
        let (got, expected) = (schedule.factor(&at), rate.as_f64().unwrap());
        assert!((got - expected).abs() < 1e-12, "{name} at {step}: {got}, PyTorch's {expected}");
    }
}

#[test]
fn rates_are_pytorchs() {
    assert_pytorchs("linear", Linear { end: 0.2 });
    assert_pytorchs("cosine", Cosine { end: 0.05 });
    assert_pytorchs("one_cycle", OneCycle::default());
    assert_pytorchs("warm_up_cosine", WarmUp { steps: 10, start: 0.1, then: Cosine { end: 0.05 } });
    assert_pytorchs("step", StepDecay { epochs: 2, gamma: 0.1 });
    assert_pytorchs("multi_step", MultiStep { milestones: vec![1, 4], gamma: 0.5 });
}

#[test]
fn absurd_trainings_have_finite_rates() {
    let schedules: [Box<dyn Schedule>; 8] = [
        Box::new(Constant),
        Box::new(Linear::default()),
        Box::new(Cosine::default()),
        Box::new(OneCycle::default()),
        Box::new(OneCycle { rise: 0.0, ..OneCycle::default() }),
        Box::new(OneCycle { rise: 1.0, ..OneCycle::default() }),
        Box::new(StepDecay { epochs: 0, gamma: 0.5 }),
        Box::new(WarmUp { steps: 0, start: 0.0, then: Linear::default() }),
    ];
    for (i, schedule) in schedules.iter().enumerate() {
        for steps in [0, 1, 2, 3, 10] {
            for step in 0..12 {
                for steps_per_epoch in [0, 1, 5] {
                    let factor = schedule.factor(&At { step, steps, steps_per_epoch });
                    assert!((0.0..=1.0).contains(&factor), "{i}: {factor} at {step} of {steps}");
                }
            }
        }
    }
}
