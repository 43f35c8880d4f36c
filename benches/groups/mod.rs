//! The rows of `rows.json` as criterion's groups, `op_pass/name`.

use std::hint::black_box;

use criterion::Criterion;
use serde::Deserialize;

use crate::rows::{Row, Size};
use crate::workloads;

/// The sizes of an op, each measured in every pass.
#[derive(Deserialize)]
struct Group {
    op: String,
    passes: Vec<String>,
    sizes: Vec<Size>,
}

const ROWS: &str = include_str!("../rows.json");

/// Whether the op is a whole network.
pub fn is_network(op: &str) -> bool {
    ["lenet", "resnet18"].contains(&op)
}

/// Measures the rows of the ops that are wanted.
///
/// # Panics
///
/// If `rows.json` names what there is not.
pub fn measure(c: &mut Criterion, wanted: fn(&str) -> bool) {
    let groups: Vec<Group> =
        serde_json::from_str(ROWS).unwrap_or_else(|e| panic!("rows.json: {e}"));
    for Group { op, passes, sizes } in groups.into_iter().filter(|group| wanted(&group.op)) {
        for pass in passes {
            let mut group = c.benchmark_group(format!("{op}_{pass}"));
            for size in &sizes {
                let row = Row { op: op.clone(), pass: pass.clone(), size: size.clone() };
                // Made when it is asked for: most runs are for a few rows.
                let mut made = None;
                group.bench_function(&size.name, |b| {
                    let work = made.get_or_insert_with(|| {
                        workloads::of(&row).unwrap_or_else(|e| panic!("rows.json: {e}"))
                    });
                    b.iter(|| black_box(work(false)));
                });
            }
            group.finish();
        }
    }
}
