//! What modules with a weight and a bias implement in the same way.

/// A module with a weight and, if it says so, a bias, both uniform within `1 / sqrt(fan_in)`, where
/// `fan_in` is the product of the weight's dimensions but the first.
macro_rules! weighted {
    (
        $(#[$doc:meta])*
        $Name:ident[$($param:ident $(= $default:literal)?),*], $op:path,
        weight: $weight_doc:literal $weight:ty,
        $(bias: $bias:ident,)?
        options: $Options:ident $options:expr
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Name<
            $(const $param: usize $(= $default)?,)*
            E: Dtype = f32,
            D: Storage<E> = Cpu,
        > {
            #[doc = $weight_doc]
            pub weight: Tensor<$weight, E, D>,
            $(
                /// `(OUT)`
                pub $bias: Tensor<Rank1<OUT>, E, D>,
            )?
        }

        impl<$(const $param: usize,)* E: Dtype, D: Storage<E>> $Name<$($param,)* E, D> {
            /// The options.
            pub const OPTIONS: shape::$Options = {
                let options: shape::$Options = $options;
                legal(shape::Layer::$Options(options));
                options
            };
        }

        impl<$(const $param: usize,)* E: Dtype, D: Storage<E>, E2: FloatDtype, D2: Device<E2>>
            BuildOnDevice<D2, E2> for $Name<$($param,)* E, D>
        {
            type Built = $Name<$($param,)* E2, D2>;
        }

        impl<$(const $param: usize,)* E: FloatDtype, D: Device<E>> TensorCollection<E, D>
            for $Name<$($param,)* E, D>
        {
            type To<E2: Dtype, D2: Device<E2>> = $Name<$($param,)* E2, D2>;

            fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
                let weight = Self::tensor(
                    "weight",
                    |s| &s.weight,
                    |s| &mut s.weight,
                    TensorOptions::reset_with(|t| draw(t, Init::PyTorch, fans::<$weight>())),
                );
                $(
                    let $bias = Self::tensor(
                        "bias",
                        |s| &s.$bias,
                        |s| &mut s.$bias,
                        TensorOptions::reset_with(|t| draw(t, Init::PyTorch, fans::<$weight>())),
                    );
                )?
                visitor.visit_fields((weight, $($bias,)?), |(weight, $($bias,)?)| $Name {
                    weight,
                    $($bias,)?
                })
            }
        }

        impl<$(const $param: usize,)* E: Dtype, D: Storage<E>> NonMutableModule
            for $Name<$($param,)* E, D>
        {
        }

        impl<$(const $param: usize,)* E: FloatDtype, D: Backend<E>> Layer<E, D>
            for $Name<$($param,)* E, D>
        {
            fn try_forward<T: Tape<E, D>>(
                &self,
                x: Flow<E, D, T>,
            ) -> Result<Flow<E, D, T>, Error> {
                let bias: Option<&Tensor<Rank1<OUT>, E, D>> = None;
                $(let bias = bias.or(Some(&self.$bias));)?
                $op(x, &self.weight, bias, &Self::OPTIONS)
            }
        }

        module!([$($param)*] $Name<$($param,)* E, D>);
        functions!([$($param)*] [E: FloatDtype, D: Backend<E>] [] $Name<$($param,)* E, D>);
    };
}

pub(super) use weighted;
