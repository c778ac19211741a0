"""The width that makes two networks cost the same."""

import pytest
from torch import nn

from convbook.cost import profile
from convbook.training import equal_width


def separable(width):
    return nn.Sequential(nn.Conv2d(3, 3 * width, 3, groups=3), nn.Conv2d(3 * width, width, 1))


@pytest.mark.parametrize("of", ["macs", "params"])
@pytest.mark.parametrize("target", [900, 5_000, 20_000])
def test_no_other_width_is_nearer(of, target):
    costs = {width: getattr(profile(separable(width), (3, 6, 5)), of) for width in range(3, 80)}
    found = equal_width(separable, target, (3, 6, 5), of=of, widths=range(3, 80))
    assert abs(costs[found] - target) == min(abs(cost - target) for cost in costs.values())


def test_an_exact_match_is_found_and_of_two_as_near_the_narrower():
    def line(width):
        return nn.Conv2d(1, width, 1, bias=False)

    assert [equal_width(line, target, (1, 2, 5), widths=[2, 3, 4, 7]) for target in (20, 30, 35, 40, 55, 70)] == [2, 3, 3, 4, 4, 7]


@pytest.mark.parametrize("options, message", [
    (dict(target=9, widths=[]), "widths must hold at least one number"),
    (dict(target=1000, widths=range(1, 4)), "target=1000 is not near: width 3 of 1 to 3 has 30 macs"),
    (dict(target=9, of="time"), "of='time' must be one of 'macs', 'params'"),
])
def test_what_does_not_fit_is_named(options, message):
    with pytest.raises(ValueError) as error:
        equal_width(lambda width: nn.Conv2d(1, width, 1, bias=False), input_shape=(1, 2, 5), **options)
    assert str(error.value) == message
