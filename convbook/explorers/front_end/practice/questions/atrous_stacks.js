// Chapter 5: questions on the holes of a stack, counted and by the rule.
import { count, sum } from "./tools.js";

/** Distances from the middle that a stack of 3-tap layers reads. */
function read(rates) {
  let seen = new Set([0]);
  for (const d of rates) seen = new Set([...seen].flatMap((at) => [at - d, at, at + d]));
  return [...seen].sort((a, b) => a - b);
}

const missing = (rates) => 2 * sum(rates) + 1 - read(rates).length;

export const holes = {
  key: "holes", title: "Pixels that are never read",
  make(rng) {
    let a, b;
    // One in five has dilations on whose sums paths meet: equal ones, or one twice the other.
    do { a = rng.int(1, 12); b = rng.int(1, 5) > 1 ? rng.int(1, 24) : rng.pick([a, 2 * a]); } while (a === b && a === 1);
    const rates = [a, b], size = 1 + 2 * (a + b), seen = read(rates);
    return {
      given: { rates },
      prompt: [`Two layers of 3 taps follow one another in one dimension, with dilations ${a} and ${b}. How wide is the field, and how many positions in it are never read?`],
      fields: [count("Field", size), count("Never read", missing(rates))],
      working: [`field: 1 + 2·${a} + 2·${b} = ${size}`, `one layer reaches −${a}, 0, ${a}; the other −${b}, 0, ${b}`,
        `their sums: ${seen.join(", ").replace(/-/g, "−")}`, `${seen.length} of ${size} positions are read`, `The field is ${size} wide, and ${missing(rates)} of it are never read.`],
      mistakes: [
        { answer: [size - 1, null], why: "Add 1: the middle counts." },
        { answer: [null, size - 9], why: "Nine paths lead up, but some start at the same position. Count the different sums." },
        { answer: [null, seen.length], why: "That is how many are read." },
        { answer: [null, 0], why: "Write down the sums: not every position is among them." },
        { answer: [null, missing(rates) / 2], why: "That is one side of the middle only." },
      ],
    };
  },
};

export const ruling = {
  key: "ruling", title: "The HDC rule, and the count",
  make(rng) {
    const rates = [rng.int(1, 5), rng.int(2, 6), rng.int(4, 12)], [first, second, third] = rates;
    const gap = Math.max(third - 2 * second, 2 * second - third, second);
    return {
      given: { rates },
      prompt: [`Three layers of 3 taps have dilations ${rates.join(", ")}. What is the largest gap M₂ of the HDC rule, and how many positions of the field (one dimension) are really never read?`],
      fields: [count("M₂", gap), count("Never read", missing(rates))],
      working: [`M₃ = ${third}`, `M₂ = max(${third} − 2·${second}, 2·${second} − ${third}, ${second}) = ${gap}`,
        `${gap} ${gap <= 3 ? "≤ 3: the rule promises no hole" : "> 3: the rule expects holes"}`,
        `field: 1 + 2·(${rates.join(" + ")}) = ${1 + 2 * sum(rates)}; the sums of 0 or ±${first}, 0 or ±${second}, 0 or ±${third} are ${read(rates).length} different ones`,
        `M₂ = ${gap}, and ${missing(rates)} positions are never read.`],
      mistakes: [
        { answer: [third, null], why: "That is M₃. One step further down is M₂." },
        { answer: [third - 2 * second, null], why: "Take the largest of three: M₃ − 2r₂, 2r₂ − M₃, and r₂." },
        { answer: [second, null], why: "r₂ is one of three numbers; take the largest." },
        { answer: [null, 1 + 2 * sum(rates) - 27], why: "27 paths lead up, but several may start at the same position. Count the different sums." },
        { answer: [null, read(rates).length], why: "That is how many are read." },
        { answer: [null, 0], why: "The rule may promise it, but count: the first dilation is not 1, or the steps are too large." },
      ],
    };
  },
};
