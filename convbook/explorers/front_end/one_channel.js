// What explorers of a layer of one channel share: which of their states are legal, and how their grids stand. No DOM here.

export const AXES = ["height", "width"];

/** `faultOf(state, axis)` says why a state cannot be, as far as one axis goes. fault(state) is null, or {axis, reason} of the first axis
    with a fault; limits(state, name, axis) the values of one trait that leave the state legal, [least, most]: they always stand together. */
export function legality(faultOf, bounds) {
  function fault(state) {
    for (const axis of [0, 1]) {
      const reason = faultOf(state, axis);
      if (reason) return { axis: AXES[axis], reason };
    }
    return null;
  }
  function limits(state, name, axis) {
    const [low, high] = bounds[name], fits = [];
    for (let v = low; v <= high; v++) if (!fault(changed(state, name, axis, v))) fits.push(v);
    return [fits[0], fits.at(-1)];
  }
  return { fault, limits };
}

/** Why one of these traits cannot be, on one axis: it is no whole number within its bounds. Null where all are. */
export function outOfBounds(state, names, bounds, axis) {
  for (const name of names) {
    const [low, high] = bounds[name], value = state[name][axis];
    if (!Number.isInteger(value) || value < low || value > high) return `${name} must be a whole number from ${low} to ${high}`;
  }
  return null;
}

/** The state with one trait changed, on one axis or (axis null) on both; own numbers are cut or filled with zeros. */
export function changed(state, name, axis, value) {
  const next = { ...state, [name]: AXES.map((_, a) => (axis === null || axis === a ? value : state[name][a])) };
  const numbers = { input_size: "input", kernel_size: "kernel" }[name];
  if (numbers && typeof state[numbers] !== "string") next[numbers] = resized(state[numbers], next[name]);
  return next;
}

/** Rows of numbers, each from its row and column. */
export const table = (h, w, at) => Array.from({ length: h }, (_, r) => Array.from({ length: w }, (_, c) => at(r, c)));
export const resized = (rows, [h, w]) => table(h, w, (r, c) => rows[r]?.[c] ?? 0);

/** Numbers of a size: the reader's own rows, or what a preset has at each place. */
export const filled = (source, presets, [h, w], seed) => (typeof source === "string" ? table(h, w, (r, c) => presets[source].at(r, c, [h, w], seed)) : source);

export const minus = (value) => String(Math.round(value * 1000) / 1000 || 0).replace("-", "−");

/** How three grids of so many columns stand in `width` pixels, and how large a cell is: in a row, in two (the first above the others),
    or in a column. The first of these ways with cells that a finger can meet; else the one with the largest cells. A grid is `least`
    wide, for its title. */
export function arrange(width, [first, ...rest], { margin = 0.5, most = 46, enough = 28, least = 84, ways = ["row", "two", "column"] } = {}) {
  const gap = gapFor(width);
  const wide = (grids, cell) => grids.reduce((sum, columns) => sum + Math.max(least, (columns + margin) * cell), gap * (grids.length - 1));
  const lines = { row: [[first, ...rest]], two: [[first], rest], column: [first, ...rest].map((columns) => [columns]) };
  const largest = (way) => {
    let cell = most;
    while (cell > 8 && lines[way].some((grids) => wide(grids, cell) > width)) cell -= 1;
    return cell;
  };
  const all = ways.map((way) => ({ way, cell: largest(way) }));
  return all.find(({ cell }) => cell >= enough) ?? all.reduce((a, b) => (b.cell > a.cell ? b : a));
}

/** Pixels between two grids, where their sign stands. */
export const gapFor = (width) => (width < 480 ? 24 : 44);
