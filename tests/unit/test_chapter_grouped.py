"""The numbers that chapter 2 writes in its text: done by hand there, computed here."""

import numpy as np
import torch

from convbook import blocks, networks, ops, reference
from convbook.cost import profile
from convbook.figures.wiring import reads

X = np.array([1, 2, 3, 1]).reshape(4, 1, 1)
W = np.array([[1, 0], [0, 1], [1, 1], [2, -1], [1, 0], [1, -2]]).reshape(6, 2, 1, 1)


def test_the_worked_example_is_the_one_done_by_hand():
    for conv2d in (ops.conv2d, reference.conv2d):
        assert conv2d(X, W, groups=2).ravel().tolist() == [1, 2, 3, 5, 3, 1]
    theirs = torch.conv2d(torch.tensor(X[None]).double(), torch.tensor(W).double(), groups=2)
    assert theirs.flatten().tolist() == [1, 2, 3, 5, 3, 1]


def test_its_matrix_has_two_blocks():
    matrix = ops.conv_matrix(W, (1, 1), groups=2)
    assert matrix.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 2, -1], [0, 0, 1, 0], [0, 0, 1, -2]]
    assert ((matrix != 0) <= reads(6, 4, 2)).all()


def test_the_share_of_pointwise_convolutions_is_128_of_137_in_each_stage_without_a_change_of_size():
    with torch.device("meta"):
        rows = {row.name: row for row in profile(networks.resnext50_32x4d(), (3, 224, 224)).rows if row.kind == "Conv2d"}
    names = sorted({name.rsplit(".", 2)[0] for name in rows if ".reduce." in name})
    shares = []
    for name in names:
        of = {part: sum(row.macs for key, row in rows.items() if key.startswith(f"{name}.{part}")) for part in ("reduce", "spatial", "expand", "shortcut")}
        shares.append((of["shortcut"] == 0, (of["reduce"] + of["expand"]) / (of["reduce"] + of["spatial"] + of["expand"])))
    assert sum(plain for plain, _ in shares) == 3 + 4 + 6 + 3 - 4
    assert all(abs(share - 128 / 137) < 1e-12 for plain, share in shares if plain)
    assert all(abs(share - 128 / 137) > 1e-3 for plain, share in shares if not plain)


def test_a_shuffle_between_two_grouped_layers_mixes_all_only_if_a_group_has_as_many_channels_as_there_are_groups():
    for groups in (2, 3, 4, 6, 12):
        n = 24 // groups
        block = reads(24, 24, groups).astype(int)
        order = ops.channel_shuffle(np.arange(24).reshape(24, 1, 1), groups).ravel()
        heard = (block @ block[order] > 0).sum(axis=1)
        assert set(heard) == {min(n, groups) * n}


def test_halves_that_never_meet_give_scores_that_are_a_sum_of_one_number_from_each():
    """Why the network without a shuffle can only guess whether a sum is even: its scores are f(a) + g(b)."""
    torch.manual_seed(0)

    def net(shuffle):
        mix = torch.nn.ChannelShuffle(2) if shuffle else torch.nn.Identity()
        layers = [torch.nn.Conv2d(2, 8, 3, padding=1, groups=2), torch.nn.ReLU(), mix, torch.nn.Conv2d(8, 8, 3, groups=2), torch.nn.ReLU(),
                  torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(8, 2)]
        return torch.nn.Sequential(*layers).double()

    a, b, c, d = torch.rand(4, 1, 1, 6, 5).double()
    pair = lambda p, q: torch.cat([p, q], dim=1)  # noqa: E731
    gaps = []
    for shuffle in (False, True):
        scores = net(shuffle)
        gaps.append((scores(pair(a, b)) + scores(pair(c, d)) - scores(pair(a, d)) - scores(pair(c, b))).abs().max().item())
    assert gaps[0] < 1e-12 and gaps[1] > 1e-6


def test_a_norm_or_a_bias_on_each_path_makes_another_function():
    torch.manual_seed(0)
    block = blocks.ResNeXtBottleneck(12, 12, cardinality=4, path_width=3, form="a").double().train()
    x = torch.randn(3, 12, 5, 4).double()
    parts = [path["expand"](path["spatial"](path["reduce"](x))) for path in block.paths]
    assert torch.allclose(torch.relu(block.norm(sum(parts)) + x), block(x))
    assert not torch.allclose(torch.relu(sum(block.norm(part) for part in parts) + x), block(x), atol=1)
