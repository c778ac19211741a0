"""Time `convbook.ops.conv2d` beside PyTorch on a few layers; print a table and write it to bench.json."""

import json
import platform
from pathlib import Path

import numpy as np
import torch

from convbook import cost, ops, timing

# name, input (C, H, W), D, k, options; layers that the chapters speak of, one image each
LAYERS = [
    ("LeNet-5 conv1", (1, 32, 32), 6, 5, {}),
    ("AlexNet conv1", (3, 227, 227), 96, 11, {"stride": 4}),
    ("VGG conv3-128", (64, 56, 56), 128, 3, {"padding": 1}),
    ("ResNet 1x1", (256, 28, 28), 64, 1, {}),
    ("grouped, G=32", (128, 28, 28), 128, 3, {"padding": 1, "groups": 32}),
    ("depthwise", (128, 28, 28), 128, 3, {"padding": 1, "groups": 128}),
    ("dilated, d=2", (64, 28, 28), 64, 3, {"padding": 2, "dilation": 2}),
]


def measure(shape, D, k, options):
    """Milliseconds of both, MACs, and how far the results are apart."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, *shape)).astype(np.float32)
    w = rng.standard_normal((D, shape[0] // options.get("groups", 1), k, k)).astype(np.float32)
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    ours, theirs = ops.conv2d(x, w, **options), torch.nn.functional.conv2d(tx, tw, **options).numpy()
    macs = cost.conv_macs(shape[0], D, k, ours.shape[2:], groups=options.get("groups", 1))
    return {
        "macs": macs,
        "convbook_ms": timing.milliseconds(ops.conv2d, x, w, **options),
        "torch_ms": timing.milliseconds(torch.nn.functional.conv2d, tx, tw, **options),
        "largest_difference": float(np.abs(ours - theirs).max() / np.abs(theirs).max()),
    }


def main():
    rows = {name: measure(*layer) for name, *layer in LAYERS}
    print(f"{'layer':<16}{'MACs':>14}{'convbook':>12}{'PyTorch':>12}{'ratio':>8}")
    for name, row in rows.items():
        ours, theirs = row["convbook_ms"], row["torch_ms"]
        print(f"{name:<16}{row['macs']:>14,}{ours:>9.2f} ms{theirs:>9.2f} ms{ours / theirs:>7.1f}x")
    machine = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__,
               "machine": platform.machine(), "threads": torch.get_num_threads()}
    Path("bench.json").write_text(json.dumps({"machine": machine, "layers": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
