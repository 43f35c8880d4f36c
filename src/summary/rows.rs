//! The rows of a summary: through blocks and inner networks.

use super::{Row, call};
use crate::shape::{Block, Join, Network, ReceptiveField as Field, Shape, Step, StepKind};

#[derive(Default)]
pub(super) struct Rows {
    pub rows: Vec<Row>,
    pub own_parameters: usize,
}

impl Rows {
    /// Adds a row for each layer, those of inner networks under `path.name`.
    pub fn network(&mut self, network: &Network, path: &str, input: Shape, field: Field) -> Field {
        if network.steps.is_empty() && network.own_parameters > 0 {
            self.rows.push(Row {
                name: path.trim_end_matches('.').to_string(),
                layer: network.name.to_string(),
                output: input,
                parameters: network.own_parameters,
                multiply_adds: 0,
                receptive_field: field.size(),
            });
            return field;
        }
        self.own_parameters = self.own_parameters.saturating_add(network.own_parameters);
        self.steps(network.steps, path, &mut 0, input, field)
    }

    /// The steps of a scope at `path`, whose layers are numbered from `index` on.
    fn steps(
        &mut self,
        steps: &[Step],
        path: &str,
        index: &mut usize,
        input: Shape,
        mut field: Field,
    ) -> Field {
        let mut x = input;
        for step in steps {
            let Some(y) = step.output(x) else { break };
            // Without a name it goes by its number, as its parameters do.
            let number = index.to_string();
            let name = if step.name.is_empty() { &number } else { step.name };
            let name = format!("{path}{name}");
            match step.kind {
                StepKind::Layer(layer) => {
                    field = field.after(&layer, x);
                    let parameters = step.parameters(x);
                    // In a block, where the number alone would not be found.
                    let named = !step.name.is_empty() || (!path.is_empty() && parameters > 0);
                    self.rows.push(Row {
                        name: if named { name } else { String::new() },
                        layer: call::text(&layer, x),
                        output: y,
                        parameters,
                        multiply_adds: step.multiply_adds(x, y),
                        receptive_field: field.size(),
                    });
                    *index += 1;
                }
                StepKind::Network(inner) => {
                    field = self.network(inner, &format!("{name}."), x, field);
                    *index += 1;
                }
                StepKind::Checkpoint(_) => {}
                StepKind::Block(block) if step.is_transparent() => {
                    field = self.block(&block, path, index, x, y, field);
                }
                StepKind::Block(block) => {
                    field = self.block(&block, &format!("{name}."), &mut 0, x, y, field);
                    *index += 1;
                }
            }
            x = y;
        }
        field
    }

    fn block(
        &mut self,
        block: &Block,
        path: &str,
        index: &mut usize,
        input: Shape,
        output: Shape,
        field: Field,
    ) -> Field {
        if let Join::Repeat(rounds) = block.join {
            let (mut x, mut field) = (input, field);
            for round in 0..rounds {
                field = self.steps(block.branches[0], &format!("{path}{round}."), &mut 0, x, field);
                let one = Block { join: Join::Chain, ..*block };
                let step = Step { name: "", kind: StepKind::Block(one) };
                let Some(y) = step.output(x) else { break };
                x = y;
            }
            return field;
        }
        // The sum of a `Residual` is of its input, too.
        let mut widest = if block.join == Join::Residual { Some(field) } else { None };
        for branch in block.branches {
            let end = self.steps(branch, path, index, input, field);
            widest = Some(widest.map_or(end, |widest: Field| widest.or(end)));
        }
        let field = widest.unwrap_or(field);
        if block.join != Join::Chain {
            self.rows.push(Row {
                name: String::new(),
                layer: block.join.name().to_string(),
                output,
                parameters: 0,
                multiply_adds: 0,
                receptive_field: field.size(),
            });
        }
        field
    }
}
