//! What all modules here implement in the same way.

/// Makes a type that implements [`Takes`](super::shapes::Takes) and [`Layer`](crate::layers::Layer) a dfdx
/// module.
macro_rules! module {
    ([$($param:ident)*] $Type:ty) => {
        impl<$(const $param: usize,)* S, E, D, T> dfdx::nn::Module<dfdx::tensor::Tensor<S, E, D, T>>
            for $Type
        where
            $Type: $crate::modules::shapes::Takes<S>,
            S: dfdx::shapes::Shape,
            E: $crate::FloatDtype,
            D: $crate::ops::Backend<E>,
            T: dfdx::tensor::Tape<E, D>,
        {
            type Output =
                dfdx::tensor::Tensor<<$Type as $crate::modules::shapes::Takes<S>>::Output, E, D, T>;
            type Error = <D as dfdx::tensor::HasErr>::Err;

            fn try_forward(
                &self,
                x: dfdx::tensor::Tensor<S, E, D, T>,
            ) -> Result<Self::Output, Self::Error> {
                let y = $crate::modules::shapes::run::<Self, _, _, _, _>(x, |x| {
                    $crate::layers::Layer::try_forward(self, x)
                });
                y.map_err(D::device_error)
            }
        }
    };
}

/// The evaluation of a module as its own functions, whose errors are in words. The parameters in
/// the first brackets are the type's, those in the second the functions'.
macro_rules! functions {
    ([$($param:ident)*] [$($outer:ident: $Outer:path),*] [$($inner:ident: $Inner:path),*] $Type:ty) => {
        impl<$(const $param: usize,)* $($outer: $Outer),*> $Type {
            /// Evaluates a batch or one input.
            ///
            /// # Panics
            ///
            /// If the device is out of memory, or a size that is known only now does not fit.
            #[track_caller]
            pub fn forward<S, $($inner: $Inner,)* T>(
                &self,
                x: dfdx::tensor::Tensor<S, E, D, T>,
            ) -> dfdx::tensor::Tensor<<Self as $crate::modules::shapes::Takes<S>>::Output, E, D, T>
            where
                Self: $crate::modules::shapes::Takes<S>,
                S: dfdx::shapes::Shape,
                T: dfdx::tensor::Tape<E, D>,
            {
                $crate::network::expect(self.try_forward(x))
            }

            /// Evaluates a batch or one input.
            ///
            /// # Errors
            ///
            /// If the device is out of memory, or a size that is known only now does not fit.
            pub fn try_forward<S, $($inner: $Inner,)* T>(
                &self,
                x: dfdx::tensor::Tensor<S, E, D, T>,
            ) -> Result<
                dfdx::tensor::Tensor<<Self as $crate::modules::shapes::Takes<S>>::Output, E, D, T>,
                $crate::Error,
            >
            where
                Self: $crate::modules::shapes::Takes<S>,
                S: dfdx::shapes::Shape,
                T: dfdx::tensor::Tape<E, D>,
            {
                $crate::modules::shapes::run::<Self, _, _, _, _>(x, |x| $crate::layers::Layer::try_forward(self, x))
            }
        }
    };
}

/// A module without parameters, which is run from its description.
macro_rules! stateless {
    (
        $(#[$doc:meta])*
        $Name:ident[$($param:ident $(= $default:tt)?),*], $layer:expr
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $Name<$(const $param: usize $(= $default)?),*>;

        impl<$(const $param: usize),*> $Name<$($param),*> {
            /// The module and its options.
            pub const LAYER: $crate::shape::Layer = $crate::modules::options::legal($layer);
        }

        impl<$(const $param: usize),*> dfdx::nn::ZeroSizedModule for $Name<$($param),*> {}
        impl<$(const $param: usize),*> dfdx::nn::NonMutableModule for $Name<$($param),*> {}

        impl<$(const $param: usize,)* E: $crate::FloatDtype, D: $crate::ops::Backend<E>>
            $crate::layers::Layer<E, D> for $Name<$($param),*>
        {
            fn try_forward<T: dfdx::tensor::Tape<E, D>>(
                &self,
                x: $crate::ops::Flow<E, D, T>,
            ) -> Result<$crate::ops::Flow<E, D, T>, $crate::Error> {
                $crate::layers::stateless(x, &Self::LAYER)
            }
        }

        $crate::modules::macros::module!([$($param)*] $Name<$($param),*>);
        $crate::modules::macros::functions!(
            [$($param)*] [] [E: $crate::FloatDtype, D: $crate::ops::Backend<E>] $Name<$($param),*>
        );
    };
}

pub(super) use {functions, module, stateless};
