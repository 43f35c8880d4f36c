//! What an optimiser knows beside its configuration, to be saved and to go on from.

use std::collections::HashMap;
use std::fmt;

use dfdx::nn::tensor_collection::*;
use dfdx::prelude::*;

use super::{Optimizer, OptimizerConfig};
use crate::Error;
use crate::ops::GradientDevice;

/// The state of an [`Optimizer`].
#[derive(Clone, Debug, PartialEq)]
pub struct State<E> {
    /// The kind of optimiser: `sgd`, `adam` or `rmsprop`.
    pub optimizer: String,
    /// How often it has updated.
    pub steps: u64,
    /// What it keeps for each parameter.
    pub moments: Vec<Moment<E>>,
}

/// One number for each element of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment<E> {
    /// The parameter's name, and PyTorch's of the moment: `conv1.weight.exp_avg`.
    pub name: String,
    /// The parameter's shape.
    pub shape: Vec<usize>,
    /// The numbers.
    pub values: Vec<E>,
}

/// Why an optimiser can't go on from a [`State`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StateError {
    /// It is the state of another kind of optimiser.
    Optimizer {
        /// That of the state.
        state: String,
        /// This one.
        optimizer: &'static str,
    },
    /// The state has no such moment.
    Missing {
        /// The moment's name.
        name: String,
    },
    /// A moment has another shape than the parameter.
    Shape {
        /// The moment's name.
        name: String,
        /// Its shape in the state.
        state: Vec<usize>,
        /// The shape of the parameter.
        parameter: Vec<usize>,
    },
    /// The device failed.
    Device(Error),
}

impl<C: OptimizerConfig, E: Dtype, D: GradientDevice<E>> Optimizer<C, E, D> {
    /// The state, from which [`load_state`](Optimizer::load_state) goes on.
    ///
    /// # Errors
    ///
    /// If the device is out of memory.
    pub fn state<M: TensorCollection<E, D>>(&mut self, module: &M) -> Result<State<E>, Error> {
        let mut moments = Vec::new();
        for (name, gradients) in self.config.moments().iter().zip(&mut self.moments) {
            let mut read = Read { moment: name, gradients, read: &mut moments };
            M::iter_tensors(&mut RecursiveWalker { m: (module, String::new()), f: &mut read })?;
        }
        Ok(State { optimizer: C::NAME.to_owned(), steps: self.steps, moments })
    }

    /// Goes on from a state of the same network. On an error the optimiser is as it was.
    ///
    /// # Errors
    ///
    /// A state that is not of this kind of optimiser, or not of this network.
    pub fn load_state<M: TensorCollection<E, D>>(
        &mut self,
        module: &M,
        state: &State<E>,
    ) -> Result<(), StateError> {
        if state.optimizer != C::NAME {
            let (state, optimizer) = (state.optimizer.clone(), C::NAME);
            return Err(StateError::Optimizer { state, optimizer });
        }
        let by_name: HashMap<_, _> = state.moments.iter().map(|m| (m.name.as_str(), m)).collect();
        let mut loaded = Vec::new();
        for moment in self.config.moments() {
            let mut gradients = Gradients::leaky();
            let mut write = Write { moment, gradients: &mut gradients, by_name: &by_name };
            M::iter_tensors(&mut RecursiveWalker { m: (module, String::new()), f: &mut write })?;
            loaded.push(gradients);
        }
        (self.moments, self.steps) = (loaded, state.steps);
        Ok(())
    }
}

struct Read<'a, E: Dtype, D: Storage<E>> {
    moment: &'static str,
    gradients: &'a mut Gradients<E, D>,
    read: &'a mut Vec<Moment<E>>,
}

impl<E: Dtype, D: GradientDevice<E>> TensorVisitor<E, D> for Read<'_, E, D> {
    type Viewer = (ViewTensorRef, ViewTensorName);
    type Err = Error;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, E, D>,
        (parameter, name): (&Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, Error> {
        if options.do_gradient_update {
            let name = format!("{name}.{}", self.moment);
            let shape = parameter.shape().concrete().into();
            let values = D::elements(self.gradients, parameter)?;
            self.read.push(Moment { name, shape, values });
        }
        Ok(None)
    }
}

struct Write<'a, E: Dtype, D: Storage<E>> {
    moment: &'static str,
    gradients: &'a mut Gradients<E, D>,
    by_name: &'a HashMap<&'a str, &'a Moment<E>>,
}

impl<E: Dtype, D: GradientDevice<E>> TensorVisitor<E, D> for Write<'_, E, D> {
    type Viewer = (ViewTensorRef, ViewTensorName);
    type Err = StateError;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, E, D>,
        (parameter, name): (&Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, StateError> {
        if !options.do_gradient_update {
            return Ok(None);
        }
        let name = format!("{name}.{}", self.moment);
        let Some(moment) = self.by_name.get(name.as_str()) else {
            return Err(StateError::Missing { name });
        };
        let shape: Vec<usize> = parameter.shape().concrete().into();
        if moment.shape != shape || moment.values.len() != parameter.shape().num_elements() {
            let state = moment.shape.clone();
            return Err(StateError::Shape { name, state, parameter: shape });
        }
        D::set_elements(self.gradients, parameter, moment.values.clone())?;
        Ok(None)
    }
}

impl From<Error> for StateError {
    fn from(error: Error) -> Self {
        StateError::Device(error)
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateError::Optimizer { state, optimizer } => {
                write!(f, "the state is one of {state}, but the optimiser is {optimizer}")
            }
            StateError::Missing { name } => write!(f, "{name}: missing in the state"),
            StateError::Shape { name, state, parameter } => {
                write!(f, "{name}: {state:?} in the state, but the parameter is {parameter:?}")
            }
            StateError::Device(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StateError {}
