"""Questions of a chapter as JavaScript asks them, for the tests that compute each answer again."""

import json
import subprocess
from pathlib import Path

from convbook.explorers.practice import kinds_of
from front_end import node

SCRIPT = Path(__file__).parents[1] / "cases" / "questions.mjs"
SEEDS = range(60)


def questions(chapter, wanted=None):
    """The questions (key, seed, turn) of `wanted`; without it, the keys of the chapter's kinds."""
    arguments = [] if wanted is None else [json.dumps(wanted)]
    done = subprocess.run([node(), str(SCRIPT), chapter, *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def all_questions(chapter, seeds=SEEDS):
    """{kind: its questions for many seeds}, out of one run of node."""
    wanted = [(kind, seed, seed % 5) for kind in kinds_of(chapter) for seed in seeds]
    found = {}
    for (kind, _, _), question in zip(wanted, questions(chapter, wanted)):
        found.setdefault(kind, []).append(question)
    return found


def answers(question):
    return [field["answer"] for field in question["fields"]]
