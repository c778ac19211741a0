"""Practice: its traits and messages, and every answer of every kind computed again by convbook."""

import re
from math import prod

import numpy as np
import pytest

from convbook import cost, ops, shapes
from convbook.explorers import Practice
from convbook.explorers.practice import CHAPTERS, kinds_of
from practice_questions import all_questions, questions


@pytest.fixture(scope="module")
def asked():
    return all_questions("vanilla")


def size(h, w, k, s, p):
    return [shapes.conv_output_size(n, k, stride=s, padding=p) for n in (h, w)]


def dilation(n, k, s, p, d):
    return [ops.conv1d(np.zeros((1, n)), np.zeros((1, 1, k)), stride=s, padding=p, dilation=d).shape[-1]]


def same(n, k, d):
    return list(shapes.same_padding(n, k, dilation=d))


def correlation(x, kernel, s, i, j):
    return [ops.conv2d(np.array([x]), np.array([[kernel]]), stride=s)[0, i, j]]


def convolution(x, kernel, s, i, j):
    assert s == 1
    return [ops.conv2d(np.array([x]), np.array([[kernel]])[..., ::-1, ::-1])[0, i, j]]


def parameters(h, w, C, D):
    return [cost.conv_params(C, D, (h, w))]


def macs(C, D, k, s, p, h, w):
    return [cost.conv_macs(C, D, k, tuple(size(h, w, k, s, p)))]


def reduction(k, C, M, D, h, w):
    return [cost.conv_macs(C, D, k, (h, w)) - cost.conv_macs(C, M, 1, (h, w)) - cost.conv_macs(M, D, k, (h, w))]


def volume(C, D, kd, k, t, h):
    return [cost.conv_params(C, D, (kd, k, k)), shapes.conv_output_size(t, kd)]


def linear(C, h, w, D, H, W):
    weight = np.zeros((D, C, h, w))
    return [weight.size, *ops.conv2d(np.zeros((C, H, W)), weight).shape[1:]]


def intensity(C, D, k, h, w):
    return [cost.arithmetic_intensity(C, D, k, (h, w), (h, w), bias=False)]


def gradient(x, grad, u, v):
    x, grad = np.array([[x]]), np.array([[grad]])
    shape = (1, 1, x.shape[2] - grad.shape[2] + 1, x.shape[3] - grad.shape[3] + 1)
    return [ops.conv2d_backward(grad, x, np.zeros(shape, dtype=int))[1][0, 0, u, v]]


def field(layers):
    return [shapes.receptive_field([(k, s, 0, d) for k, s, d in layers]).size]


def reads(n, k, s, p, d, i):
    taps = shapes.conv_taps(n, k, stride=s, padding=p, dilation=d)[i]
    return [taps[0], taps[-1]]


def border(x, mode, right):
    pair = shapes.padded_indices(len(x), 2, padding_mode=mode)
    return [x[i] for i in (pair[-2:] if right else pair[:2])]


ANSWERS = [size, dilation, same, correlation, convolution, parameters, macs, reduction, volume, linear, intensity, gradient,
           field, reads, border]


@pytest.mark.parametrize("compute", ANSWERS, ids=lambda compute: compute.__name__)
def test_every_answer_is_what_convbook_computes(asked, compute):
    for question in asked[compute.__name__]:
        expected = compute(**question["given"])
        given = [field["answer"] for field in question["fields"]]
        assert given == pytest.approx(expected, rel=1e-12), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert {compute.__name__ for compute in ANSWERS} == set(questions("vanilla")) == set(kinds_of("vanilla"))


def test_the_same_seed_asks_the_same_and_another_seed_something_else():
    one, again, other = questions("vanilla", [["macs", 3, 0], ["macs", 3, 0], ["macs", 4, 0]])
    assert one == again != other


def test_rows_and_columns_are_never_equal(asked):
    for kind in ("size", "macs", "reduction", "intensity", "linear", "parameters"):
        assert all(q["given"]["h"] != q["given"]["w"] for q in asked[kind]), kind
    for kind in ("correlation", "convolution", "gradient"):
        assert all(np.shape(q["given"]["x"])[0] != np.shape(q["given"]["x"])[1] for q in asked[kind]), kind


def test_a_stride_leaves_a_remainder(asked):
    assert all((q["given"]["h"] + 2 * q["given"]["p"] - q["given"]["k"]) % q["given"]["s"] for q in asked["size"])


def test_the_words_of_a_question_hold_its_numbers(asked):
    for kind in ("size", "dilation", "macs", "reads", "parameters", "volume", "linear", "reduction", "intensity"):
        for question in asked[kind]:
            said = " ".join(part if isinstance(part, str) else part["code"] for part in question["prompt"])
            numbers = [int(n) for n in re.findall(r"\d+", said)]
            assert set(question["given"].values()) <= {*numbers, 1}, question


def test_every_chapter_has_a_front_end_with_its_own_bank_only():
    for chapter in CHAPTERS:
        practice = Practice(chapter=chapter)
        assert "export default practice(bank)" in practice._esm
        assert "import " not in re.sub(r"(?m)^//.*$", "", practice._esm)
        assert all(f'key: "{kind}"' in practice._esm for kind in kinds_of(chapter))


def test_it_prints_what_was_chosen_and_no_address():
    assert repr(Practice()) == "Practice()"
    assert repr(Practice(chapter="vanilla", kinds=["size"], seed=3)) == "Practice(kinds=('size',), seed=3)"
    assert repr(Practice(kind="macs", turn=2)) == "Practice(kind='macs', turn=2)"


@pytest.mark.parametrize("parameters, error, message", [
    (dict(chapter="none"), ValueError, f"chapter='none' must be one of {', '.join(map(repr, CHAPTERS))}"),
    (dict(chapter=1), TypeError, f"chapter=1 must be a string, one of {', '.join(map(repr, CHAPTERS))}"),
    (dict(kinds="size"), TypeError, "kinds='size' must be a list of kinds, such as ['size', 'macs']"),
    (dict(kinds=["size", "size"]), ValueError, "kinds=['size', 'size'] names a kind twice"),
    (dict(seed=-1), ValueError, "seed=-1 must be at least 0"),
    (dict(seed=2**31), ValueError, "seed=2147483648 must be less than 2**31"),
    (dict(seed=1.5), TypeError, "seed=1.5 must be an integer"),
    (dict(turn="2"), TypeError, "turn='2' must be an integer"),
    (dict(kinds=["size"], kind="macs"), ValueError, "kind='macs' must be one of '', 'size'"),
    (dict(question="size"), TypeError, "Practice has no parameter 'question'; it has chapter, kinds, seed, kind, turn"),
])
def test_whole_messages(parameters, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        Practice(**parameters)


def test_an_unknown_kind_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"^kinds\[1\]='sise' must be one of .*'size', .*'border'$"):
        Practice(kinds=["macs", "sise"])


def test_weights_of_linear_as_a_convolution_are_those_of_linear(asked):
    for question in asked["linear"]:
        g = question["given"]
        assert question["fields"][0]["answer"] == prod((g["D"], g["C"], g["h"], g["w"]))
