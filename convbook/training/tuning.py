"""One knob, chosen on the validation part; the test part is read once, afterwards."""

from dataclasses import dataclass
from statistics import mean

from convbook.training.loop import fit
from convbook.training.scores import accuracy


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


def tune(method, knobs, folds, make_model, **common):
    """Train `method` with each setting of its knob on each fold; keep the setting with the best mean validation score.

    The validation part scores the weights that a run ends with; with a patience those are the best it has seen.

    Args:
        method: of one setting, gives a dict of options for `fit`; "make_model" among them builds another model.
        knobs: the settings to try, in the order of growing strength; of equals the first is taken.
        folds: [(train, validation, test), ...]: other images in each, so that the spread is not only that of the initial weights.
        make_model: as `fit` takes it.
        common: options of `fit` for every run.
    Returns:
        `Tuned`.
    """
    tried, scores = {}, {}
    for knob in knobs:
        options = {"make_model": make_model, **common, **method(knob)}
        score, watched = options.get("score", accuracy), options.get("patience") is not None  # only patience asks after each epoch
        tried[knob] = tuple(fit(train=train, test=test, validation=validation if watched else None, seed=seed, progress=False, **options)
                            for seed, (train, validation, test) in enumerate(folds))
        scores[knob] = mean(score(run.model, *validation) for run, (_, validation, _) in zip(tried[knob], folds))
    best = max(knobs, key=scores.get)
    return Tuned(best, tried[best], scores)
