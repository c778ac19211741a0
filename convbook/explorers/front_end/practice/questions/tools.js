// What the questions of every chapter are written with.
import { show } from "../engine.js";

export const sum = (list) => list.reduce((a, b) => a + b, 0);

/** Output length of a convolution along one axis. */
export const outputs = (n, k, s = 1, p = 0, d = 1) => Math.floor((n + 2 * p - d * (k - 1) - 1) / s) + 1;

/** A field that asks for a whole number. */
export const count = (label, answer, unit = "") => ({ label, unit, answer, tolerance: 0 });

/** 3, and (−3) where a sign would run into another. */
export const signed = (v) => (v < 0 ? `(${show(v)})` : show(v));

/** A sum of products, written out: 2·3 + (−1)·4. */
export const products = (pairs) => pairs.map(([a, b]) => `${signed(a)}·${signed(b)}`).join(" + ");

/** A kernel turned by half a turn. */
export const turned = (w) => w.map((row) => [...row].reverse()).reverse();

/** The [input, weight] pairs under a window that starts at (top, left): a list for each kernel row. */
export const under = (x, w, top, left) => w.map((row, u) => row.map((weight, v) => [x[top + u][left + v], weight]));

export const dot = (pairs) => sum(pairs.map(([a, b]) => a * b));
