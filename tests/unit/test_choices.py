"""The layers to choose from: what is claimed of each is what the module does; counts against profile; reasons; limits."""

import json
import re
from pathlib import Path

import pytest
import torch

from convbook.blocks.chosen import layer_of
from convbook.choices import JOBS, NEEDS, QUANTITIES, PriceList, choose, measured, panels
from convbook.choices.decisions import DECISIONS, H100
from convbook.choices import evidence
from convbook.choices.evidence import EXPERIMENTS, Experiment
from convbook.cost import profile

# One small layer a job, with unequal sides and channels, four of which make a group.
SMALL = {
    "same": dict(in_channels=16, out_channels=32, size=(13, 14), reach=7),
    "halve": dict(in_channels=16, out_channels=32, size=(13, 14), reach=5),
    "double": dict(in_channels=8, out_channels=8, size=(9, 10), reach=3),
    "mix": dict(in_channels=16, out_channels=32, size=(3, 4)),
    "pool": dict(in_channels=8, out_channels=8, size=(5, 6)),
    "sequence": dict(in_channels=8, out_channels=16, size=(1, 23), reach=6),
}


def every(job, **options):
    """All layers of a job that exist: nothing is asked but the job itself."""
    return choose(job, **SMALL[job] | options, needs=()).offers


def cases():
    return [pytest.param(job, offer, id=f"{job}-{offer.name}") for job in JOBS for offer in every(job)]


def slopes(offer, job, *, at=None, channels=slice(-1, None)):
    """|d y / d x| of the middle output, of the last channel or of `channels`: (C, height, width). Offsets are 0."""
    torch.manual_seed(0)
    layer = layer_of(offer).double()
    for name, weight in layer.named_parameters():
        torch.nn.init.uniform_(weight, 0.5, 1)
        if "offset" in name:
            weight.data.zero_()
    x = torch.rand(1, SMALL[job]["in_channels"], *SMALL[job]["size"], dtype=torch.double, requires_grad=True)
    y = layer(x)
    row, column = at or (y.shape[2] // 2, y.shape[3] // 2)
    (gradient,) = torch.autograd.grad(y[0, channels, row, column].sum(), x)
    return gradient[0].abs()


@pytest.mark.parametrize("job, offer", cases())
def test_the_module_has_the_shape_and_the_counts_that_are_claimed(job, offer):
    module = layer_of(offer)
    found = profile(module, (SMALL[job]["in_channels"], *SMALL[job]["size"]))
    biases = sum(w.numel() for name, w in module.named_parameters() if name.endswith("bias"))  # of the offsets
    assert (found.params - biases, found.macs) == (offer.params, offer.macs)
    assert tuple(module(torch.zeros(1, SMALL[job]["in_channels"], *SMALL[job]["size"])).shape[1:]) == offer.output
    assert biases == (2 * SMALL[job]["reach"] ** 2 if offer.name == "deformable" else 0)


@pytest.mark.parametrize("job, offer", cases())
def test_who_hears_all_channels_is_found_by_gradient(job, offer):
    heard = int((slopes(offer, job).amax(dim=(1, 2)) > 0).sum())
    reason = choose(job, **SMALL[job], needs=("mix",)).out.get(offer.name)
    C = SMALL[job]["in_channels"]
    assert reason == (None if heard == C else f"an output hears {heard} of {C} channels")


@pytest.mark.parametrize("job, offer", [case for case in cases() if case.values[0] in ("same", "halve", "sequence")])
def test_windows_and_holes_are_found_by_gradient(job, offer):
    places = slopes(offer, job, channels=slice(None)).amax(dim=0) > 0
    columns = places.any(dim=0).nonzero().flatten()
    assert int(columns.max() - columns.min()) + 1 == offer.field
    full = (1 if job == "sequence" else offer.field) * offer.field
    reason = choose(job, **SMALL[job], needs=("whole",)).out.get(offer.name)
    reach = SMALL[job]["reach"]
    assert (reason is None) == (int(places.sum()) == full)
    if reason:
        assert reason == f"it reads {int(places.sum())} of the {reach if job == 'sequence' else reach**2} {'steps' if job == 'sequence' else 'places'} of its window"


@pytest.mark.parametrize("offer", every("sequence"), ids=lambda offer: offer.name)
def test_no_output_of_a_sequence_sees_the_future(offer):
    assert (slopes(offer, "sequence", at=(0, 11))[:, :, 12:] == 0).all()
    assert (slopes(offer, "sequence", at=(0, 11))[:, :, 11] > 0).any()


@pytest.mark.parametrize("offer", every("double"), ids=lambda offer: offer.name)
def test_even_layers_draw_no_pattern_on_a_flat_map(offer):
    torch.manual_seed(1)
    y = layer_of(offer).double()(torch.ones(1, offer.steps[0].C, 9, 10, dtype=torch.double))[0, :, 5:-5, 5:-5].detach()
    flat = float((y - y.mean(dim=(1, 2), keepdim=True)).abs().max()) < 1e-9
    reason = choose("double", **SMALL["double"], needs=("even",)).out.get(offer.name)
    assert flat == (reason is None)


def test_whose_kernels_are_columns_times_rows_is_found_by_rank():
    """A bright pixel of one channel, read in one channel of a one-channel-wide layer, comes back as the kernel."""
    said = choose(**SMALL["same"] | {"reach": 5}, needs=("free",)).out
    for offer in choose(in_channels=1, out_channels=1, size=13, reach=5, needs=()).offers:
        torch.manual_seed(0)
        layer = layer_of(offer)
        x = torch.zeros(1, 1, 13, 13)
        x[..., 6, 6] = 1
        split = int(torch.linalg.matrix_rank(layer(x)[0, 0].detach(), rtol=1e-4)) == 1 and offer.name != "pointwise"
        assert ("its kernels are a column times a row" in said.get(offer.name, "")) == split, offer.name


def test_the_notes_example_by_hand():
    """7 x 7 x 3 to 128 channels, padded: 7 * 7 (27 * 128) against 7 * 7 (9 * 3 + 3 * 128) multiply-adds."""
    job = choose(in_channels=3, out_channels=128, size=7, needs=("mix", "free"))
    assert job.plain.macs == 49 * 27 * 128 == 169344
    found = {offer.name: offer for offer in job.offers}["depthwise_separable"]
    assert found.macs == 49 * (27 + 384) == 20139
    assert found.bytes == 4 * (2 * 3 * 49 + 27 + 3 * 49 + 384 + 128 * 49)
    assert found.time == max(49 * 27, 5 * 4 * (2 * 3 * 49 + 27)) + max(49 * 384, 5 * 4 * (3 * 49 + 384 + 128 * 49))


@pytest.mark.parametrize("by", QUANTITIES)
@pytest.mark.parametrize("job", JOBS)
def test_offers_are_sorted_within_the_budget_and_each_layer_stands_in_one_list(job, by):
    everything = choose(job, **SMALL[job], needs=())
    for budget in (1, 2, 8):
        found = choose(job, **SMALL[job], needs=("mix",), by=by, budget=budget)
        values = [getattr(offer, by) for offer in found.offers]
        assert values == sorted(values)
        assert budget == 1 or all(budget * value <= getattr(found.plain, by) for value in values)
        assert not set(found.names) & set(found.out)
        assert set(found.names) | set(found.out) == set(everything.names) | set(everything.out)


def test_a_budget_says_what_it_costs():
    found = choose(in_channels=64, out_channels=64, size=56, budget=8)
    assert found.out["depthwise_separable"] == "over the budget: 0.13 of the plain layer's macs"
    assert found.names == ["shuffle"] or all(8 * offer.macs <= found.plain.macs for offer in found.offers)


@pytest.mark.parametrize("change, message", [
    (dict(reach=4), "reach=4 must be odd, so that the window has a middle"),
    (dict(job="sequence", size=(2, 9)), "size=(2, 9) must be (1, length) for a sequence"),
    (dict(needs=("places",)), "needs has 'places', which means nothing for job='same'; it knows mix, wide, free, whole, moves, scales"),
])
def test_errors(change, message):
    with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
        choose(**dict(in_channels=8, out_channels=8, size=9) | change)


def test_every_need_rules_some_layer_out():
    for need, jobs in NEEDS.items():
        for job in jobs:
            assert set(choose(job, **SMALL[job], needs=(need,)).out) > set(choose(job, **SMALL[job], needs=()).out), (need, job)


def test_each_answer_of_the_decision_map_is_what_choose_puts_first():
    for decision in DECISIONS:
        assert tuple(choose(**decision.job).names[:len(decision.layers)]) == decision.layers, decision.question
    assert H100 == round(989e12 / 2 / 2 / 3.35e12)  # dense, two operations a multiply-add, over bytes a second


def test_what_the_page_shows_is_what_the_chapters_printed():
    chapters = Path(__file__).parents[2] / "chapters"
    found = panels(folder=chapters)
    assert len(found) == len(EXPERIMENTS) and all(len(rows) > 2 for rows in found.values())
    first = found["Digits, small budget (%)\nequal MACs, about 20,000; chapter 6"]
    text = (chapters / "06_separable.ipynb").read_text(encoding="utf-8")
    for name, (mean, spread) in first.items():
        assert re.search(rf"{re.escape(name)} +{mean} ± {spread} %", text)


def test_an_output_that_is_not_there_says_so(tmp_path):
    with pytest.raises(LookupError, match=re.escape("nothing.ipynb is not here: this reads the outputs of the chapter; run it in a clone of the book's repository")):
        measured("nothing", "cell", folder=tmp_path)
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [{"id": "empty", "outputs": []}]}))
    with pytest.raises(LookupError, match="^a, cell empty: it printed no spread$"):
        measured("a", "empty", folder=tmp_path)
    with pytest.raises(LookupError, match="^a has no cell 'other'$"):
        measured("a", "other", folder=tmp_path)


def test_a_line_that_an_experiment_no_longer_prints_is_named(tmp_path, monkeypatch):
    output = {"output_type": "stream", "text": ["plain   64.2 ± 5.6 %\n"]}
    (tmp_path / "09_deformable.ipynb").write_text(json.dumps({"cells": [{"id": "exp-run", "outputs": [output]}]}))
    for column, name in ((0, "v1"), (1, "plain")):
        experiment = Experiment("Digits", "equal", "09_deformable", "exp-run", column, {"shown": name})
        monkeypatch.setattr(evidence, "EXPERIMENTS", (experiment,))
        with pytest.raises(LookupError, match=f"^09_deformable, cell exp-run: number {column + 1} of '{name}' is asked, and it printed 'plain'$"):
            panels(folder=tmp_path)


def test_what_the_page_printed_from_other_chapters_is_what_they_hold_now():
    chapters = Path(__file__).parents[2] / "chapters"
    cells = {cell["id"]: cell for cell in json.loads((chapters / "which.ipynb").read_text(encoding="utf-8"))["cells"]}
    for cell, chapter, source in (("need-compress", "08_flattened", "cp-accuracy"), ("need-labels", "A1_regularization", "compare-run"),
                                  ("need-batches-run", "A2_normalization", "experiment")):
        there = {value for values in measured(chapter, source, folder=chapters).values() for value in values}
        here = [value for values in evidence.read("".join(cells[cell]["outputs"][0]["text"])).values() for value in values]
        assert here and set(here) <= there, cell


def test_a_price_list_has_a_row_an_offer_and_the_speed_that_follows_from_the_time():
    offers = choose(in_channels=16, out_channels=16, size=8, needs=()).offers[:2]
    (first, second) = PriceList(offers, (0.5, 2.0)).rows()
    assert first == [offers[0].name.replace("_", " "), "3", f"{offers[0].params:,}", f"{offers[0].macs:,}", f"{offers[0].bytes:,}", "0.50", f"{offers[0].macs / 0.5e6:.1f}"]
    html = PriceList(offers)._repr_html_()
    assert html.count("<tr>") == 3 and "billion" not in html and html.count('scope="col"') == 5
    assert PriceList(offers[:1])._repr_html_().count('scope="row"') == 1
