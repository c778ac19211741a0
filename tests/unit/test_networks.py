"""The networks of the chapters: published counts to the digit, and that they run."""

import pytest
import torch

from convbook import cost
from convbook.networks import lenet5, vgg
from convbook.networks.lenet import C3_READS, lenet5_connections

# LeCun et al. (1998), section II.B: trainable parameters of each layer.
LENET_PARAMETERS = {"C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164, "output": 0}
LENET_CONNECTIONS = {"C1": 122_304, "S2": 5_880, "C3": 151_600, "S4": 2_000, "C5": 48_120, "F6": 10_164, "output": 840}
VGG_PARAMETERS = {"A": 132_863_336, "B": 133_047_848, "C": 133_638_952, "D": 138_357_544, "E": 143_667_240}


def test_lenet5_has_the_papers_parameters_layer_by_layer():
    layers = dict(lenet5().named_children())
    assert {name: sum(p.numel() for p in layer.parameters()) for name, layer in layers.items()} == LENET_PARAMETERS
    assert sum(LENET_PARAMETERS.values()) == 60_000


def test_lenet5_has_the_papers_connections_layer_by_layer():
    assert lenet5_connections() == LENET_CONNECTIONS
    assert sum(LENET_CONNECTIONS.values()) == 340_908


def test_lenet5_runs_forward_and_backward():
    model = lenet5()
    distances = model(torch.randn(2, 1, 32, 32))
    distances.sum().backward()
    assert distances.shape == (2, 10) and (distances >= 0).all()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_a_map_of_c3_reads_only_the_maps_of_its_row_of_table_1():
    table = lenet5().C3
    x = torch.randn(1, 6, 14, 14, requires_grad=True)
    for d, reads in enumerate(C3_READS):
        (grad,) = torch.autograd.grad(table(x)[0, d].sum(), x)
        touched = {c for c in range(6) if grad[0, c].abs().sum() > 0}
        assert touched == set(reads)


def test_subsampling_starts_as_the_mean_of_each_block():
    x = torch.arange(16.0).reshape(1, 1, 4, 4).repeat(1, 6, 1, 1)
    assert torch.allclose(lenet5().S2(x), torch.nn.functional.avg_pool2d(x, 2))


@pytest.mark.parametrize("column", VGG_PARAMETERS)
def test_vgg_has_the_parameters_of_its_column(column):
    with torch.device("meta"):
        model = vgg(column)
    assert sum(p.numel() for p in model.parameters()) == VGG_PARAMETERS[column]


def test_vgg16_makes_the_published_number_of_multiply_adds():
    with torch.device("meta"):
        profile = cost.profile(vgg("D"), (3, 224, 224))
    assert (profile.params, profile.macs) == (138_357_544, 15_470_264_320)
    assert sum(row.macs for row in profile.rows if row.kind == "Conv2d") == 15_346_630_656


def test_an_unknown_column_of_vgg_is_named_in_the_error():
    with pytest.raises(ValueError, match=r"^column='F' must be one of A, B, C, D, E$"):
        vgg("F")
