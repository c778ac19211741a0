// Needs as a reader would say them, each a state of the chooser.

const need = (text, job, in_channels, out_channels, size, reach, needs, by = "macs", more = {}) => ({ text, job, in_channels, out_channels, size, reach, needs, by, budget: 1, ...more });

export const PRESETS = {
  phone: need("fewer multiply-adds, on a phone", "same", 96, 96, [14, 14], 3, ["mix", "wide", "free"]),
  gpu: need("fast where memory is slow", "same", 64, 64, [56, 56], 3, ["mix", "wide", "free"], "time", { ridge: 10 }),
  far: need("see far, keep the resolution", "same", 64, 64, [56, 56], 15, ["mix", "wide", "free", "whole"]),
  weights: need("few weights, a window of 7", "same", 64, 64, [28, 28], 7, ["mix", "whole"], "params"),
  moves: need("objects of many sizes, turned", "same", 64, 64, [28, 28], 3, ["mix", "moves"]),
  scales: need("several sizes of window at once", "same", 192, 256, [28, 28], 5, ["mix", "scales"]),
  halve: need("halve the map", "halve", 64, 128, [56, 56], 3, ["mix", "wide", "free"]),
  double: need("double the map, no checkerboard", "double", 64, 32, [28, 28], 3, ["mix", "even", "fine"]),
  mix: need("mix channels only", "mix", 256, 256, [14, 14], 3, ["mix", "wide"], "bytes"),
  pool: need("one number a channel, places matter", "pool", 512, 512, [7, 7], 3, ["mix", "places"]),
  sequence: need("a sequence that must not see ahead", "sequence", 32, 32, [1, 4000], 512, ["mix", "whole"]),
};
