"""One knob, chosen on the validation part; the test part is read once, afterwards."""

from dataclasses import dataclass
from statistics import mean

from convbook.training.loop import fit


@dataclass(frozen=True)
class Tuned:
    """The chosen setting of a knob, its runs, and what every setting scored on the validation parts."""

    knob: float
    runs: tuple  # one `Run` a fold, of the chosen setting
    validation: dict  # {setting: mean score on the validation parts}

    @property
    def scores(self):
        """Of the chosen setting on the test parts, one a fold."""
        return [run.score for run in self.runs]


def validation_score(run):
    """What a run scored on its validation part with the weights that it ended with."""
    return run.history[-1 if run.best_epoch is None else run.best_epoch]["validation"]


def tune(method, knobs, folds, make_model, **common):
    """Train `method` with each setting of its knob on each fold; keep the setting with the best mean validation score.

    Args:
        method: of one setting, gives a dict of options for `fit`; "make_model" among them builds another model.
        knobs: the settings to try, in the order of growing strength; of equals the first is taken.
        folds: [(train, validation, test), ...]: other images in each, so that the spread is not only that of the initial weights.
        make_model: as `fit` takes it.
        common: options of `fit` for every run.
    Returns:
        `Tuned`.
    """
    tried = {}
    for knob in knobs:
        options = {"make_model": make_model, **common, **method(knob)}
        tried[knob] = tuple(fit(train=train, test=test, validation=validation, seed=seed, progress=False, **options)
                            for seed, (train, validation, test) in enumerate(folds))
    scores = {knob: mean(map(validation_score, runs)) for knob, runs in tried.items()}
    best = max(knobs, key=scores.get)
    return Tuned(best, tried[best], scores)
