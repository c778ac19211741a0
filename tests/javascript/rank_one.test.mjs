// The rank explorer without a page: singular values and terms as NumPy has them, presets, costs, words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/rank_one/geometry.js";
import * as words from "../../convbook/explorers/front_end/rank_one/words.js";

const IMAGE = Array.from({ length: 12 }, (_, i) => Array.from({ length: 17 }, (_, j) => (7 * i * i + 13 * j + i * j) % 256));
const state = (some = {}) => ({ kernel: "sobel", size: 3, rank: 1, seed: 0, image_size: 224, image: IMAGE, predict: false, ...some });
const close = (found, expected, told) => {
  assert.equal(found.flat(9).length, expected.flat(9).length, told);
  found.flat(9).forEach((v, i) => assert.ok(Math.abs(v - expected.flat(9)[i]) < 1e-7, `${told}: ${v} is not ${expected.flat(9)[i]}`));
};

for (const row of JSON.parse(readFileSync(new URL("../cases/rank_one.json", import.meta.url), "utf8"))) {
  test(`singular values, terms, error and costs as in Python: ${row.name}`, () => {
    const L = g.layout(state({ kernel: row.kernel, rank: row.rank, image_size: row.image_size }));
    close(L.s, row.singular_values, "singular values");
    close(g.sumOf(L, row.rank), row.sum, "the sum of r");
    close(L.columns.slice(0, row.rank), row.columns, "columns");
    close(L.rows.slice(0, row.rank), row.rows, "rows");
    close([L.error], [row.error], "error");
    assert.equal(L.rank, row.matrix_rank);
    assert.deepEqual([L.cost.direct, L.cost.passes], [row.direct, row.passes]);
  });
}

test("all terms together give the kernel back, and its terms are at right angles", () => {
  for (let seed = 0; seed < 40; seed++) {
    for (const size of [3, 5, 7]) {
      const L = g.layout(state({ kernel: "random", size, seed, rank: size }));
      close(g.sumOf(L, size), L.K, `seed ${seed}`);
      const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
      for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) close([dot(L.columns[i], L.columns[j]), dot(L.rows[i], L.rows[j])], [0, 0], "right angles");
      assert.ok(L.s.every((v, i) => i === 0 || v <= L.s[i - 1]));
    }
  }
});

test("filtering by the sum of r is filtering twice, term by term", () => {
  const L = g.layout(state({ kernel: "random", size: 5, seed: 3, rank: 2 }));
  const passes = [0, 1].map((i) => g.filtered(g.filtered(IMAGE, L.columns[i].map((v) => [v])), [L.rows[i]]));
  close(L.after, passes[0].map((row, y) => row.map((v, x) => v + passes[1][y][x])), "two passes each");
  close(g.filtered([[1, 2], [3, 4]], [[1, 0], [0, -1]]), [[-3]], "by hand");
});

test("the notes' 81 against 72, and the break-even rank", () => {
  const c = g.costOf([3, 3], 5, 1);
  assert.deepEqual([c.direct, c.down, c.along, c.pair, c.breakEven, c.most], [81, 45, 27, 72, 81 / 72, 1]);
  for (const m of [3, 5, 7]) for (const N of [9, 64, 224]) {
    const { direct, pair, most } = g.costOf([m, m], N, 1);
    assert.equal(pair, m * (N - m + 1) * (2 * N - m + 1));
    assert.ok(most * pair < direct && (most + 1) * pair >= direct);
  }
  // A 2 x 2 kernel never gains.
  assert.equal(g.costOf([2, 2], 100, 1).most, 0);
});

test("named kernels have the ranks that the chapter says, in every size", () => {
  const rank = (kernel, size) => g.layout(state({ kernel, size })).rank;
  for (const [name, { sizes }] of Object.entries(g.PRESETS)) for (const size of sizes) {
    assert.equal(g.fault(state({ kernel: name, size })), null);
    assert.deepEqual([g.layout(state({ kernel: name, size })).sides[0], g.layout(state({ kernel: name, size })).sides[1]], [size, size], name);
  }
  for (const size of [3, 5, 7]) {
    for (const one of ["sobel", "box", "gaussian"]) assert.equal(rank(one, size), 1, one);
    assert.equal(rank("line", size), size);
    assert.equal(rank("edge", size), size - 1);
  }
  assert.deepEqual([rank("laplacian", 3), rank("laplacian", 5), rank("sharpen", 3), rank("learned", 5)], [2, 3, 2, 5]);
  assert.deepEqual(g.kernelOf(state()), [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]);
});

test("a Gaussian's rows are Pascal's, and a Sobel kernel smooths one way and takes differences the other", () => {
  const add = (row) => [1, ...row.slice(1).map((v, i) => v + row[i]), 1];
  const pascal = (m) => (m === 1 ? [1] : add(pascal(m - 1)));
  for (const size of [3, 5, 7]) {
    const smooth = pascal(size), shorter = pascal(size - 2);
    const slope = smooth.map((_, i) => (shorter[i - 2] ?? 0) - (shorter[i] ?? 0));
    for (const [kernel, row] of [["gaussian", smooth], ["sobel", slope]]) {
      assert.deepEqual(g.kernelOf(state({ kernel, size })), smooth.map((a) => row.map((b) => a * b + 0)), kernel);
    }
  }
});

test("what cannot be shown says why", () => {
  assert.equal(g.fault(state({ rank: 4 })), "rank must be a whole number from 1 to 3, the shorter side of the kernel");
  assert.equal(g.fault(state({ kernel: "sharpen", size: 5 })), "the sharpen kernel has size 3");
  assert.equal(g.fault(state({ kernel: [[1, 2, 3], [4, 5, 6]], rank: 3 })), "rank must be a whole number from 1 to 2, the shorter side of the kernel");
  assert.equal(g.fault(state({ kernel: [[1, 2], [3]] })), "kernel must have rows of equal length");
  assert.equal(g.fault(state({ kernel: [[1], [3]] })), "kernel must have 2 to 7 rows and columns");
  assert.equal(g.fault(state({ kernel: [[1, 2], [3, 1000]] })), "kernel must hold numbers from -999 to 999");
});

test("a question's kernel has the rank that it asks for", () => {
  const seen = new Set();
  for (let seed = 0; seed < 60; seed++) {
    const { kernel, terms } = words.question(seed);
    const L = g.layout(state({ kernel }));
    assert.equal(L.rank, terms);
    seen.add(terms);
    assert.match(words.verdict(L, terms), /^Right: /);
    assert.match(words.verdict(L, terms + 1), new RegExp(`^Not ${terms + 1}: it takes ${terms}, `));
  }
  assert.deepEqual([...seen].sort(), [1, 2, 3]);
});

test("sentences follow the numbers", () => {
  const said = (some) => words.headline(g.layout(state(some)));
  assert.equal(said({}), "This 3 × 3 kernel has rank 1: it is separable. With r = 1 the sum is the kernel itself, to rounding.");
  assert.equal(said({ rank: 2 }), "This 3 × 3 kernel has rank 1: it is separable. With r = 2 the sum is the kernel itself, to rounding; 1 would do.");
  assert.equal(said({ kernel: "laplacian" }), "This 3 × 3 kernel has rank 2. The best single column times row misses it by 10.1 %.");
  assert.equal(said({ kernel: "line", rank: 2 }), "This 3 × 3 kernel has rank 3, the most it can have. The best sum of 2 columns times rows misses it by 57.7 %.");
  assert.equal(said({ kernel: [[0, 0], [0, 0]] }), "A kernel of zeros: rank 0. Draw something.");
  assert.equal(words.errorSum(g.layout(state({ kernel: "line" }))), "|K − Kᵣ| / |K| = √(1² + 1²) / √(1² + 1² + 1²) = 81.6 %. No sum of 1 is closer (Eckart and Young).");
  const cost = words.costWords(g.layout(state({ image_size: 8, rank: 2 })));
  assert.equal(cost.direct, "6·6 places × 3·3 taps = 324");
  assert.equal(cost.passes, "2 × (6·8 places × 3, then 6·6 places × 3) = 2 × 252 = 504");
  assert.equal(cost.verdict, "2 pairs of passes cost 155.6 % of the kernel at once: dearer. Up to r = 1 it saves; the break-even lies at r = 1.29.");
  assert.match(words.photoWords(g.layout(state({ kernel: "laplacian" }))), /The numbers of K sum to 0, those of the sum of r to −1\.\d+: now even a flat grey answers\.$/);
  assert.doesNotMatch(words.photoWords(g.layout(state())), /flat grey/);
});
