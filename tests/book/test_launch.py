"""Will what runs elsewhere run there: the workflow on GitHub, the folder that Binder reads, the package with its oldest companions?"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
OLDEST = dict(re.findall(r"^([\w.-]+)==(.+)$", (ROOT / "requirements-oldest.txt").read_text(encoding="utf-8"), re.M))


def lint(path):
    """The words of GitHub's own schema about a workflow."""
    command = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run([command, "--builtin-schema", "vendor.github-workflows", path], capture_output=True, text=True)
    return (done.stdout + done.stderr).strip()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_what_github_reads(path):
    assert lint(path) == "ok -- validation done"


def test_a_workflow_that_github_does_not_read_is_found(tmp_path):
    (tmp_path / "book.yml").write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
    assert "run-on" in lint(tmp_path / "book.yml")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_what_is_there(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for job in jobs.values():
        assert {job["needs"]} <= set(jobs) if "needs" in job else True
        for command in filter(None, (step.get("run") for step in job["steps"])):
            program, *rest = command.split()
            assert set(rest) <= set(targets) if program == "make" else os.access(ROOT / program, os.X_OK), command


def test_binder_finds_the_python_and_the_packages_of_the_book():
    folder = ROOT / ".binder"
    version = (folder / "runtime.txt").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"python-\d\.\d+", version)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert wanted == f">={version.removeprefix('python-')}"
    lines = [line for line in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    files = [folder / line.split(maxsplit=1)[1] for line in lines if line.startswith("-r ")]
    assert [file.resolve() for file in files] == [ROOT / "requirements.txt"]
    assert all(line.startswith(("-r ", "--extra-index-url https://download.pytorch.org/")) for line in lines)


def test_the_oldest_versions_are_those_that_the_package_admits():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in project["dependencies"]:
        wanted = Requirement(line)
        [floor] = [part.version for part in wanted.specifier if part.operator == ">="]
        assert Version(OLDEST[canonicalize_name(wanted.name)]) == Version(floor), line
