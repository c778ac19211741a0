import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNumber, show } from "../../convbook/explorers/front_end/base.js";

test("numbers are read as people write them, and nothing else is", () => {
  for (const text of ["1024", "1,024", "1 024", "1\u00a0024", "1\u202f024", " 1024 ", "+1024", "1024.0", "１０２４", "1’024"])
    assert.equal(parseNumber(text), 1024, text);
  assert.equal(parseNumber("−3"), -3);
  assert.equal(parseNumber("-1,234,567"), -1234567);
  assert.equal(parseNumber(".5"), 0.5);
  for (const text of ["", "abc", "1,02", "1,0244", "3/4", "1e3", "0x10", "--3", "1 2", "12px", "Infinity", "NaN"])
    assert.ok(Number.isNaN(parseNumber(text)), text);
});

test("what a field shows can be typed into it again", () => {
  for (const value of [0, 7, -3, 0.25, 999, 1000, 2047, -12345.678, 1234567]) assert.equal(parseNumber(show(value)), value, show(value));
});
