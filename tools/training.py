#!/usr/bin/env python3
"""Writes tests/data/training.json: losses, optimisers, clipping and schedules as PyTorch computes them.

    python3 tools/training.py        (needs torch; the file says which)

Everything is computed in double precision.
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

SEED = 20261123
FILE = pathlib.Path(__file__).parent.parent / "tests" / "data" / "training.json"


def flat(tensor):
    return tensor.detach().flatten().tolist()


def losses():
    """Cross entropy with all its options, and the gradient of the logits."""
    cases = []
    for shape in [(5, 4), (3, 4, 6), (2, 3, 2, 4)]:
        classes, labels = shape[1], (shape[0], *shape[2:])
        weights = torch.linspace(0.5, 2.0, classes)
        for smoothing in [0.0, 0.1]:
            for weight in [None, weights]:
                for ignore in [None, 1]:
                    logits = (3 * torch.randn(shape)).requires_grad_()
                    target = torch.randint(classes, labels)
                    loss = F.cross_entropy(
                        logits,
                        target,
                        weight=weight,
                        label_smoothing=smoothing,
                        ignore_index=-100 if ignore is None else ignore,
                    )
                    loss.backward()
                    cases.append({
                        "shape": shape,
                        "logits": flat(logits),
                        "labels": flat(target),
                        "label_smoothing": smoothing,
                        "class_weights": None if weight is None else flat(weight),
                        "ignore": ignore,
                        "loss": loss.item(),
                        "gradient": flat(logits.grad),
                    })
    return cases


def optimisers():
    """A parameter under gradients that are given, after each of eight steps."""
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd_momentum_decay": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
        "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01),
        "adam_l2": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    }
    kinds |= {
        f"rmsprop{'_centered' if centered else ''}": lambda p, centered=centered: torch.optim.RMSprop(
            p, lr=0.01, alpha=0.9, eps=0, momentum=0.5, centered=centered
        )
        for centered in [False, True]
    }
    cases = []
    for kind, make in kinds.items():
        parameter = torch.randn(6).requires_grad_()
        start, gradients, after = flat(parameter), [], []
        optimiser = make([parameter])
        for _ in range(8):
            parameter.grad = torch.randn(6)
            gradients.append(flat(parameter.grad))
            optimiser.step()
            after.append(flat(parameter))
        cases.append({"kind": kind, "start": start, "gradients": gradients, "after": after})
    return cases


def clipping():
    """Two gradients before and after `clip_grad_norm_`."""
    cases = []
    for most in [0.5, 100.0]:
        parameters = [torch.zeros(4, 3).requires_grad_(), torch.zeros(5).requires_grad_()]
        for parameter in parameters:
            parameter.grad = torch.randn_like(parameter)
        before = [flat(parameter.grad) for parameter in parameters]
        norm = torch.nn.utils.clip_grad_norm_(parameters, most)
        after = [flat(parameter.grad) for parameter in parameters]
        cases.append({"max": most, "before": before, "norm": norm.item(), "after": after})
    return cases


def schedules():
    """Learning rates of 40 steps in 5 epochs, for the rate 1."""
    epochs, per_epoch = 5, 8
    steps = epochs * per_epoch

    def warm_up(o):
        return lr_scheduler.SequentialLR(
            o,
            [
                lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=10),
                lr_scheduler.CosineAnnealingLR(o, T_max=steps - 10, eta_min=0.05),
            ],
            milestones=[10],
        )

    by_step = {
        "linear": lambda o: lr_scheduler.LinearLR(o, 1.0, 0.2, total_iters=steps),
        "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=steps, eta_min=0.05),
        "one_cycle": lambda o: lr_scheduler.OneCycleLR(o, max_lr=1.0, total_steps=steps),
        "warm_up_cosine": warm_up,
    }
    by_epoch = {
        "step": lambda o: lr_scheduler.StepLR(o, step_size=2, gamma=0.1),
        "multi_step": lambda o: lr_scheduler.MultiStepLR(o, milestones=[1, 4], gamma=0.5),
    }
    cases = {}
    for name, make in {**by_step, **by_epoch}.items():
        optimiser = torch.optim.SGD([torch.zeros(1).requires_grad_()], lr=1.0)
        schedule, rates = make(optimiser), []
        for step in range(steps):
            rates.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            if name in by_step and step + 1 < steps or (step + 1) % per_epoch == 0 and name in by_epoch:
                schedule.step()
        cases[name] = rates
    return {"epochs": epochs, "steps_per_epoch": per_epoch, "rates": cases}


def main():
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    data = {
        "torch": torch.__version__,
        "losses": losses(),
        "optimisers": optimisers(),
        "clipping": clipping(),
        "schedules": schedules(),
    }
    FILE.write_text(json.dumps(data) + "\n")
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
