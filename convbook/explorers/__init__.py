"""Interactive figures: the operation under the reader's own hands.

Each is an anywidget, so that the same front end runs in JupyterLab and Colab and, with no kernel, on the built
page. All computing is done in the browser; Python holds the state, checks it and prints it.
"""

from importlib import import_module

_HOMES = {
    "SlidingWindow": "sliding_window", "ReceptiveField": "receptive_field", "Practice": "practice",
    "TransposedViews": "transposed_views", "OverlapCounter": "overlap_counter",
    "ChannelWiring": "channel_wiring",
    "DeformableSampler": "deformable_sampler", "RoIBins": "roi_bins",
    "InceptionPricer": "inception_pricer",
    "RankOne": "rank_one",
    "CostCompare": "cost_compare",
    "LayerChooser": "layer_chooser",
    "FlattenedSteps": "flattened_steps",
    "PenaltyGeometry": "penalty_geometry",
    "NormCube": "norm_cube",
}
__all__ = list(_HOMES)


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(_HOMES)}")


def __dir__():
    return sorted([*globals(), *_HOMES])
