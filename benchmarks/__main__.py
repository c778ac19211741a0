"""Measure the layers, print a table, write bench.json, and say which layers miss the aims."""

import argparse
import json
import os
import platform
from pathlib import Path
from statistics import geometric_mean

import numpy as np
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from benchmarks.layers import LAYERS
from benchmarks.measure import loops_ms, measure

MEAN, WORST, MEMORY, SPARE, DIFFERENCE = 1.5, 5, 3, 64 * 2**20, 1e-5
AIMS = (f"{MEAN}x PyTorch's time as a geometric mean, {WORST}x for any layer, "
        f"memory {MEMORY}x inputs with outputs plus {SPARE // 2**20} MB, results within {DIFFERENCE:g} of the largest")


def main(arguments=None):
    options = read_options(arguments)
    torch.set_num_threads(options.threads)
    with threadpool_limits(options.threads, user_api="blas"):
        machine = describe_machine()
        print(", ".join(f"{name} {value}" for name, value in machine.items()))
        print(f"{'':<22}{'batch':>6}{'MMACs':>9}{'loops':>12}{'convbook':>12}{'PyTorch':>12}{'ratio':>8}{'memory':>9}{'of':>9}")
        rows = [row for layer in LAYERS if options.only.lower() in layer.name.lower() for row in measured(layer, options)]
    if rows:
        conclude(rows)
    Path(options.json).write_text(json.dumps({"machine": machine, "layers": rows}, indent=1) + "\n", encoding="utf-8")


def read_options(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD", help="layers that have this in their name")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8], help="images at once")
    parser.add_argument("--threads", type=int, default=cores(), help="for NumPy's BLAS and for PyTorch")
    parser.add_argument("--seconds", type=float, default=1, help="for each layer, at least")
    parser.add_argument("--no-loops", action="store_true", help="leave convbook.reference out")
    parser.add_argument("--json", default="bench.json", metavar="FILE")
    return parser.parse_args(arguments)


def cores():
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def describe_machine():
    blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return {"Python": platform.python_version(), "NumPy": np.__version__, "PyTorch": torch.__version__,
            "processor": platform.machine(), "BLAS": ", ".join(f"{b['internal_api']} {b.get('architecture', '')}" for b in blas),
            "BLAS threads": max((b["num_threads"] for b in blas), default=1), "PyTorch threads": torch.get_num_threads()}


def measured(layer, options):
    """Measure a layer for each batch, printing as it goes."""
    for batch in options.batch:
        print(f"{layer.name:<22}{batch:>6}", end="", flush=True)
        row = measure(layer, batch, seconds=options.seconds)
        if row is None:
            print(f"   convbook.ops has no {layer.operation} yet")
            continue
        row["loops_ms"] = loops_ms(layer) if batch == 1 and not options.no_loops else None
        loops = f"{row['loops_ms'] / 1000:>10.1f} s" if row["loops_ms"] else f"{'-':>12}"
        print(f"{row['work'] / 1e6:>9.1f}{loops}{row['convbook_ms']:>9.2f} ms{row['torch_ms']:>9.2f} ms{row['ratio']:>7.2f}x"
              f"{row['extra_bytes'] / 2**20:>6.1f} MB{row['array_bytes'] / 2**20:>6.1f} MB{misses(row)}")
        yield row


def misses(row):
    """Which aims a layer misses, in words; empty if none."""
    words = {"slow": row["ratio"] > WORST, "large": row["extra_bytes"] > MEMORY * row["array_bytes"] + SPARE,
             "WRONG": not row["difference"] <= DIFFERENCE}
    return "".join(f"  {word}" for word, missed in words.items() if missed)


def conclude(rows):
    mean = geometric_mean(row["ratio"] for row in rows)
    worst = max(rows, key=lambda row: row["ratio"])
    farthest = max(rows, key=lambda row: row["difference"])
    print(f"\nGeometric mean {mean:.2f}x; worst {worst['ratio']:.2f}x ({worst['layer']}, batch {worst['batch']}); "
          f"farthest result {farthest['difference']:.1e} ({farthest['layer']})")
    print("Loops: on one image, its sides halved until a second is enough, the time multiplied up; - where even that is too long.")
    print("Memory: the most that convbook held at once beyond its inputs, beside the size of inputs with outputs.")
    missed = [f"{row['layer']}, batch {row['batch']}:{misses(row)}" for row in rows if misses(row)]
    missed += [f"geometric mean {mean:.2f}x"] if mean > MEAN else []
    print(f"Aims: {AIMS}.")
    print("Missed by " + "; ".join(missed) if missed else "All met.")


if __name__ == "__main__":
    main()
