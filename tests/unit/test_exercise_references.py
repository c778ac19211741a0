"""Exercises: each reference solution computes what the package, or PyTorch, computes."""

import numpy as np

from convbook import exercises, kinds, ops, shapes


def test_references_agree_with_the_package():
    rng = np.random.default_rng(0)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("vanilla")}
    for n, k, s, p, d in [(9, 3, 2, 1, 1), (11, 2, 3, 0, 1), (7, 4, 1, 2, 1), (12, 3, 2, 2, 3)]:
        assert solve["output_size"](n, k, s, p, d) == shapes.conv_output_size(n, k, stride=s, padding=p, dilation=d)
        assert solve["same_padding"](k, d) == shapes.same_padding(n + 9, k, dilation=d)
        x, w = rng.normal(size=n), rng.normal(size=k)
        y = solve["conv1d"](x, w, s, p)
        assert np.allclose(y, ops.conv1d(x[None], w[None, None], stride=s, padding=p)[0])
        grad = rng.normal(size=len(solve["conv1d"](x, w, s)))
        nudged = [np.sum(grad * (solve["conv1d"](x, w + 1e-6 * unit, s) - solve["conv1d"](x, w, s))) / 1e-6 for unit in np.eye(k)]
        assert np.allclose(solve["grad_weight"](grad, x, k, s), nudged, atol=1e-4)
    layers = [(5, 2), (3, 1), (3, 3), (2, 1)]
    assert solve["receptive_field"](layers) == shapes.receptive_field([(k, s, 0, 1) for k, s in layers])[0]
    weight, x = rng.normal(size=(4, 2 * 3 * 5)), rng.normal(size=(2, 3, 5))
    assert np.allclose(ops.conv2d(x, solve["linear_as_conv"](weight, 2, 3, 5)).ravel(), weight @ x.ravel())


def test_references_of_the_transposed_chapter_agree_with_the_package():
    rng = np.random.default_rng(0)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("transposed")}
    for n, k, s, p, d in [(5, 3, 2, 1, 1), (4, 2, 3, 0, 1), (6, 4, 1, 2, 1), (7, 3, 2, 1, 3)]:
        x, w = rng.normal(size=n), rng.normal(size=k)
        y = ops.conv_transpose1d(x[None], w[None, None], stride=s, padding=p)[0]
        assert np.allclose(solve["conv_transpose1d"](x, w, s, p), y)
        image = x[:6].reshape(2, -1) if n > 5 else x[None]
        wide = np.pad(solve["spread"](image, s, k - 1)[None], 0)
        assert np.allclose(ops.conv2d(wide, np.outer(w, w)[None, None, ::-1, ::-1]),
                           ops.conv_transpose2d(image[None], np.outer(w, w)[None, None], stride=s))
        assert np.array_equal(solve["overlaps"](n, k, s), ops.conv_transpose1d(np.ones((1, n), int), np.ones((1, 1, k), int), stride=s)[0])
        for length in range(d * k + 2, d * k + 9):
            options = dict(stride=s, padding=p, dilation=d)
            small = shapes.conv_output_size(length, k, **options)
            assert shapes.conv_transpose_output_size(small, k, output_padding=solve["output_padding"](length, k, s, p, d), **options) == length


def test_references_of_chapter_9_agree_with_the_package():
    rng = np.random.default_rng(4)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("deformable")}
    image, y, x = rng.normal(size=(4, 6)), rng.uniform(-2, 5, 20), rng.uniform(-2, 7, 20)
    assert np.allclose([solve["bilinear"](image, *place) for place in zip(y, x)], ops.bilinear_sample(image, y, x))
    offset, w = rng.normal(size=(12, 3, 4)), rng.normal(size=(2, 3))
    assert np.allclose(solve["deform_conv2d"](image, offset, w), ops.deform_conv2d(image[None], offset, w[None, None])[0])
    options, k = dict(stride=2, padding=1, dilation=2), (3, 2)
    o = ops.conv2d(np.zeros((1, 9, 11)), np.zeros((1, 1, *k)), **options).shape[1:]
    offset, (rows, columns) = rng.integers(-2, 3, (12, *o)) / 4, np.indices((9, 11), dtype=float)
    places = solve["tap_positions"](offset[:, 2, 1], k, 2, 1, **options)
    for t in range(6):
        w = np.eye(6)[t].reshape(1, 1, *k)
        assert np.allclose([ops.deform_conv2d(image[None], offset, w, **options)[0, 2, 1] for image in (rows, columns)], places[t])
    for h, bins in [(7, 3), (5, 2), (8, 4), (3, 4)]:
        read = ops.deform_roi_pool2d(np.eye(h)[:, :, None], [[0, 0, 0, 1, h]], (bins, 1))[0, :, :, 0]
        for i in range(bins):
            first, after = solve["bin_rows"](h, bins, i)
            assert np.flatnonzero(read[:, i]).tolist() == list(range(first, after))


def test_references_of_chapter_2_agree_with_the_package():
    rng = np.random.default_rng(2)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("grouped")}
    for C, D, G in [(4, 6, 2), (6, 3, 3), (12, 8, 4), (5, 10, 5)]:
        x, w = rng.normal(size=(C, 3, 4)), rng.normal(size=(D, C // G, 2, 3))
        assert np.allclose(ops.conv2d(x, solve["dense_weight"](w, G)), ops.conv2d(x, w, groups=G))
        grouped = ops.conv2d(x, w[:, :, :1, :1], groups=G)
        assert np.allclose(solve["grouped_pointwise"](x.reshape(C, -1), w[:, :, 0, 0], G), grouped.reshape(D, -1))
        assert np.array_equal(solve["shuffled"](C, G), ops.channel_shuffle(np.arange(C).reshape(C, 1, 1), G).ravel())
        for shuffle in (False, True):
            one = ops.conv2d(np.eye(C)[:, :, None, None], np.ones((C, C // G, 1, 1)), groups=G)
            two = ops.conv2d(ops.channel_shuffle(one, G) if shuffle else one, np.ones((C, C // G, 1, 1)), groups=G)
            assert np.array_equal(solve["hears"](C, G, shuffle), (two[:, :, 0, 0].T > 0).astype(int))
    assert [solve["block_weights"](256, C, d) for C, d in [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)]] == [69632, 69760, 69888, 71456, 70144]


def test_references_of_chapter_3_agree_with_the_package():
    rng = np.random.default_rng(3)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("depthwise")}
    for C, m, D, (k_h, k_w), (h, w) in [(3, 1, 5, (3, 2), (6, 7)), (2, 3, 4, (1, 3), (5, 3)), (4, 2, 3, (2, 2), (4, 9))]:
        x, filters, mixing = rng.normal(size=(C, h, w)), rng.normal(size=(m * C, 1, k_h, k_w)), rng.normal(size=(D, m * C, 1, 1))
        y = ops.depthwise_conv2d(x, filters)
        assert np.allclose(solve["depthwise_conv2d"](x, filters), y)
        grad = rng.normal(size=y.shape)
        assert np.allclose(solve["grad_weight"](grad, x), ops.conv2d_backward(grad, x, filters, groups=C)[1])
        assert np.allclose(ops.conv2d(x, solve["merge"](filters, mixing, m)), ops.separable_conv2d(x, filters, mixing))


def test_references_of_chapter_6_agree_with_the_package():
    rng = np.random.default_rng(6)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("separable")}
    for C, D, (k_h, k_w), (h, w) in [(3, 5, (3, 2), (6, 7)), (1, 4, (1, 3), (5, 3)), (4, 2, (2, 2), (4, 9))]:
        x, filters, mixing = rng.normal(size=(C, h, w)), rng.normal(size=(C, k_h, k_w)), rng.normal(size=(D, C))
        y = ops.separable_conv2d(x, filters[:, None], mixing[:, :, None, None])
        assert np.allclose(solve["separable_conv"](x, filters, mixing), y)
        assert np.allclose(ops.conv2d(x, solve["as_dense"](filters, mixing)), y)
        costs = kinds.compare(C, D, 3, (h, w), padding=1)[0]["depthwise_separable"]
        assert solve["cost"](C, D, 3, (h, w)) == (costs.params, costs.macs)
        for r in (1, 2):
            kernel = rng.normal(size=(5, 3))
            assert np.allclose(solve["best_sum"](kernel, r), ops.from_separable(*ops.separable_form(kernel, r)[:2]))


def test_references_of_chapter_5_agree_with_the_package():
    from convbook import gridding

    rng = np.random.default_rng(1)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("atrous")}
    x, w = rng.normal(size=(9, 12)), rng.normal(size=(2, 3))
    for d in (1, 2, 3):
        spread = solve["spread_kernel"](w, d)
        assert np.allclose(ops.conv2d(x[None], spread[None, None]), ops.conv2d(x[None], w[None, None], dilation=d))
        padded = np.pad(x[0], (d * 2, 0))
        assert np.allclose(solve["causal"](x[0], w[0], d), ops.conv1d(padded[None], w[0][None, None], dilation=d)[0])
    for dilations in rng.integers(1, 9, (30, 3)).tolist():
        assert solve["holes"](dilations) == gridding.holes(dilations)


def test_references_of_chapter_8_agree_with_the_package():
    rng = np.random.default_rng(8)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("flattened")}
    for C, Y, X in [(3, 2, 4), (1, 3, 2), (2, 1, 3)]:
        z, y, x = (rng.integers(-3, 4, n) for n in (C, Y, X))
        image = rng.integers(0, 9, (C, 5, 7))
        w = ops.outer3(z, y, x)
        assert np.array_equal(solve["outer3"](z, y, x), w)
        assert np.array_equal(solve["three_passes"](image, z, y, x), ops.conv2d(image, w[None])[0])
        rank = int(w.any())
        assert solve["three_ranks"](w) == (rank,) * 3
        assert all(r <= 2 for r in solve["three_ranks"](ops.from_cp(np.ones(2), [rng.normal(size=(n, 2)) for n in (C, Y, X)])))
    assert solve["weights"](64, 96, 5, 5, 2) == 96 * (64 + 5 + 5) + 96 * (96 + 5 + 5)


def test_references_of_the_chapter_on_recent_blocks_agree_with_the_package():
    import torch
    from torch import nn

    from convbook.blocks import ChannelShuffle

    rng = np.random.default_rng(0)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("recent")}
    labels, logits = rng.integers(0, 5, 7), torch.tensor(rng.normal(size=(7, 5)))
    assert np.allclose(solve["smoothed_loss"](logits.numpy(), labels, 0.3),
                       nn.functional.cross_entropy(logits, torch.tensor(labels), label_smoothing=0.3, reduction="none"))
    from convbook import cost

    assert solve["numbers_moved"](6, 4, 5, 3, 2) == cost.conv_bytes(6, 4, 1, (5, 3), (5, 3), groups=2, bias=False) // 4
    x, weight = rng.normal(size=(4, 7, 6)), rng.normal(size=(3, 4, 3, 3))
    y = solve["halve"](x, weight)
    assert np.allclose(y[:3], ops.conv2d(x, weight, stride=2)) and np.array_equal(y[3:], ops.max_pool2d(x, 3, stride=2))
    mix = rng.normal(size=(2, 2))
    joined = np.concatenate([x[:2], np.maximum(ops.conv2d(x[2:], mix[:, :, None, None]), 0)])
    assert np.allclose(solve["split_and_shuffle"](x, mix), ChannelShuffle(2)(torch.tensor(joined[None]))[0])


def test_references_of_appendix_a2_agree_with_the_package():
    rng = np.random.default_rng(12)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("normalization")}
    for N, C, G in [(2, 6, 3), (1, 4, 2), (3, 5, 5), (2, 3, 1)]:
        x, grad = rng.normal(size=(2, N, C, 4))
        assert np.allclose(solve["group_norm"](x, G), ops.group_norm(x, G))
        mean, var, gamma, beta, bias = rng.uniform(0.5, 2, (5, C))
        assert np.allclose(solve["running_statistics"](x, mean, var, 0.2), ops.running_statistics(x, mean, var, momentum=0.2))
        w = rng.normal(size=(C, 2, 3))
        weight, shift = ops.fold_batch_norm(w, bias, mean, var, gamma, beta)
        assert np.allclose(solve["fold"](w, bias, mean, var, gamma, beta), np.column_stack([weight.reshape(C, -1), shift]))
        assert np.allclose(solve["backward"](grad[0, 0], x[0, 0]), ops.layer_norm_backward(grad[0, :1], x[0, :1], 4)[0][0])


def test_references_of_appendix_1_agree_with_pytorch_and_the_package():
    import torch
    from torch.nn import functional as F

    rng = np.random.default_rng(11)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("regularization")}
    for shape in [(3,), (2, 4)]:
        w, grad = rng.normal(size=shape), rng.normal(size=shape)
        assert np.allclose(solve["proximal_step"](w, grad, 0.2, 1.5, "l1"), ops.soft_threshold(w - 0.2 * grad, 0.3))
        assert np.allclose(solve["proximal_step"](w, grad, 0.2, 1.5, "l2"), ops.shrink(w - 0.2 * grad, 0.3))
        masks = rng.random((20_000, *shape)) >= 0.4
        assert np.allclose(np.mean([solve["dropout"](w, mask, 0.4) for mask in masks], axis=0), w, atol=0.05)
    for K, smoothing in [(3, 0.1), (7, 0.0), (2, 0.6)]:
        logits = rng.normal(size=K)
        theirs = F.cross_entropy(torch.tensor(logits)[None], torch.tensor([1]), label_smoothing=smoothing)
        assert np.isclose(solve["smoothed_loss"](logits, 1, smoothing), theirs.item())
