//! Whatever is wrong with a network, only that is reported: what uses it raises no errors.

/// A program that uses all there is of a network.
macro_rules! used {
    ($module:ident { $($network:tt)* }) => {
        mod $module {
            use shapewright::prelude::*;
            net! { $($network)* }

            pub fn train() {
                let dev = Cpu::default();
                let mut net = dev.build_module::<Net, f32>();
                let x: Tensor<Rank4<8, 3, 32, 32>, f32, _> = dev.sample_normal();
                let logits: Tensor<Rank2<8, 10>, f32, _> = net.forward(x.clone());
                println!("{:?} {:?}", logits.array(), net.forward(x.clone()).softmax::<Axis<1>>());
                println!("{:?} {:?}", net.conv.weight.shape(), net.forward_one(dev.zeros()));
                let seen: NetActivations<Const<8>> = net.activations(x.clone());
                let pool: Tensor<Rank4<8, 6, 14, 14>, f32, _> = seen.pool;
                println!("{} {:?} {:?}", Net::summary(), Net::INPUT, (Net::OUTPUT, pool));
                let mut sgd = Sgd::new(&net, SgdConfig::default());
                let out = net.forward_mut(x.traced(net.alloc_grads()));
                let labels: Tensor<Rank2<8, 10>, f32, _> = dev.zeros();
                let loss = shapewright::dfdx::losses::cross_entropy_with_logits_loss(out, labels);
                sgd.update(&mut net, &loss.backward()).unwrap();
            }

            #[derive(Clone, Debug)]
            pub struct Holder<D: Device<f32>> {
                pub net: Net<f32, D>,
            }

            impl<D: Device<f32>> Holder<D> {
                pub fn parameters(&self) -> usize {
                    Net::PARAMETERS + self.net.num_trainable_params()
                }
            }

            net! { pub struct Outer: [3, 32, 32] -> [10] { net: self::Net } }
        }
    };
}

used!(a_claim { pub struct Net: [3, 32, 32] -> [10] { conv: Conv2d(6, kernel = 5), pool: MaxPool2d(2), Flatten, Linear(9 -> 10) } });
used!(a_layer { pub struct Net: [3, 32, 32] -> [_] { conv: Convolution(6), pool: MaxPool2d(2), Flatten, Linear(10) } });
used!(an_output { pub struct Net: [3, 32, 32] { conv: Conv2d(6, kernel = 5), pool: MaxPool2d(2), Flatten, Linear(10) } });
used!(an_input { pub struct Net: [3, -32, 32] -> [10] { conv: Conv2d(6, kernel = 5), pool: MaxPool2d(2), Flatten, Linear(10) } });
used!(a_name { pub struct Net: [3, 32, 32] -> [10] { conv: Conv2d(6, kernel = 5), conv: MaxPool2d(2), Flatten, Linear(10) } });
used!(a_token { pub struct Net: [3, 32, 32] -> [10] { conv: Conv2d(6, kernel = 5), pool: MaxPool2d(2) +, Flatten, Linear(10) } });
used!(the_braces { pub struct Net: [3, 32, 32] -> [10]; });

/// Through a glob, and in the body of a function.
mod elsewhere {
    use super::a_claim::*;

    pub fn net() -> Net {
        shapewright::prelude::net! { struct Net: [8] -> [_] { Linear(9 -> 10) } }
        let net: Net = Default::default();
        println!("{:?}", net.forward(0));
        super::a_token::train();
        net
    }
}

fn main() {
    elsewhere::net().forward(0);
}
