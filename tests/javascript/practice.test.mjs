import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { answerText, ask, generator, judge, newScore, readAnswer, scored, show } from "../../convbook/explorers/front_end/practice/engine.js";

const typed = (answers) => answers.map((a) => String(a));

test("the same seed gives the same numbers, another seed others, and a draw stays within its bounds", () => {
  const draw = (seed) => generator(seed).row(50, -3, 9);
  assert.deepEqual(draw(4), draw(4));
  assert.notDeepEqual(draw(4), draw(5));
  assert.deepEqual([...new Set(generator(1).row(2000, -3, 9))].sort((a, b) => a - b), [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (let seed = 0; seed < 200; seed++) assert.notEqual(generator(seed).other(2, 5, 4), 4);
});

test("an answer may be a fraction, and may bring its unit", () => {
  assert.equal(readAnswer("93.4 %", { unit: "%" }), 93.4);
  assert.equal(readAnswer("27 pixels", { unit: "pixels" }), 27);
  for (const text of ["9/4", " 9 / 4", "2.25", "18⁄8", "4,500/2,000"]) assert.equal(readAnswer(text, { unit: "" }), 2.25, text);
  assert.equal(readAnswer("½", {}), 0.5);
  for (const text of ["93.4 %", "3/", "/3", "1/2/3", "3/0", "pixels"]) assert.ok(Number.isNaN(readAnswer(text, { unit: "pixels" })), text);
});

// Every bank, of every chapter: vanilla.js, but not its parts, vanilla_windows.js.
const folder = new URL("../../convbook/explorers/front_end/practice/questions/", import.meta.url);
const chapters = readdirSync(folder).filter((file) => /^[a-z\d]+\.js$/i.test(file) && file !== "tools.js").map((file) => file.slice(0, -3));

for (const chapter of chapters) {
  const { bank } = await import(new URL(`${chapter}.js`, folder));

  test(`${chapter}: at least six kinds, each with its own key and title`, () => {
    assert.ok(bank.length >= 6);
    for (const name of ["key", "title"]) assert.equal(new Set(bank.map((kind) => kind[name])).size, bank.length);
  });

  for (const { key } of bank) {
    test(`${chapter}, ${key}: 300 seeds give sound questions`, () => {
      const prompts = new Set();
      for (let seed = 0; seed < 300; seed++) {
        const question = ask(bank, key, seed, seed % 7);
        assert.deepEqual(ask(bank, key, seed, seed % 7), question);
        const { fields, mistakes, prompt, working } = question;
        const text = JSON.stringify([prompt, working, mistakes.map((m) => m.why)]);
        assert.doesNotMatch(text, /undefined|NaN|null|Infinity|\[object/);
        assert.doesNotMatch(text, / {2}|--/);
        prompts.add(JSON.stringify(prompt));
        for (const { answer, tolerance, label } of fields) {
          assert.ok(label && Number.isFinite(answer) && Math.abs(answer) < 1e8, `${key} ${seed}`);
          assert.ok(tolerance > 0 || Number.isInteger(answer), `${key} ${seed}`);
        }
        for (const f of fields) assert.ok(working.at(-1).includes(show(f.answer, f.digits || 0)), `${key} ${seed}: ${working.at(-1)}`);
        assert.ok(mistakes.length >= 1, `${key} ${seed}`);
        const right = judge(question, typed(fields.map((f) => f.answer)));
        assert.equal(right.verdict, "right");
        assert.equal(judge(question, fields.map((f) => show(f.answer, f.digits || 0))).verdict, "right", "as the working writes it");
        for (const { answer, why } of mistakes) {
          const slip = judge(question, typed(fields.map((f, i) => answer[i] ?? f.answer)));
          assert.equal(slip.verdict, "wrong", `${key} ${seed}: ${answer}`);
          assert.ok(mistakes.some((m) => slip.text.endsWith(m.why)), why);
        }
      }
      assert.ok(prompts.size > 150, `${prompts.size} different questions`);
    });
  }
}

const question = {
  fields: [{ label: "Height", unit: "", answer: 4, tolerance: 0 }, { label: "Width", unit: "", answer: 1024, tolerance: 0 }],
  mistakes: [{ answer: [5, null], why: "Round down." }],
};

test("an answer is judged: right, wrong with its reason, half right, not a number, empty", () => {
  assert.deepEqual(judge(question, ["4", "1,024"]), { verdict: "right", fields: [true, true], text: "Right: 4 and 1,024." });
  assert.equal(judge(question, ["5", "7"]).text, "Not quite. Round down.");
  assert.equal(judge(question, ["4", "7"]).text, "Right: Height. Not yet: Width. Try again, or look at the working.");
  assert.equal(judge(question, ["3", "7"]).text, "Not yet. Try again, or look at the working.");
  const unread = judge(question, ["4", "many"]);
  assert.deepEqual([unread.verdict, unread.at], ["unread", 1]);
  assert.equal(unread.text, "“many” is not read as a number: write digits, as in 1024 or 2.5.");
  assert.match(judge(question, ["2,5", "7"]).text, /decimal point as a dot/);
  assert.deepEqual(judge(question, ["4", " "]), { verdict: "empty", fields: [], at: 1, text: "Type a number for “Width”." });
  assert.equal(answerText(question.fields), "4 and 1,024");
});

test("a mistake that is no number, the right answer itself or one that is there already is left out", () => {
  const slip = (...answer) => ({ answer, why: String(answer) });
  const bank = [{ key: "one", title: "One", make: () => ({ ...question, mistakes: [
    slip(5, NaN), slip(Infinity, 7), slip(4, 1024), slip(4, null), slip(5, null), slip(5, null), { answer: 3, why: "alone" }] }) }];
  assert.deepEqual(ask(bank, "one", 0, 0).mistakes.map((m) => m.why), ["5,", "alone"]);
});

test("the score counts a question once, and only an unaided first answer as right at the first try", () => {
  let { score, attempt } = scored(newScore(), {}, "size", "right");
  assert.deepEqual(score, { asked: 1, first: 1, streak: 1, kinds: { size: "solved" } });
  ({ score, attempt } = scored(score, {}, "macs", "wrong"));
  ({ score, attempt } = scored(score, attempt, "macs", "right"));
  assert.deepEqual(score, { asked: 2, first: 1, streak: 0, kinds: { size: "solved", macs: "solved" } });
  assert.equal(attempt.done, true);
  ({ score, attempt } = scored(score, {}, "field", "shown"));
  ({ score, attempt } = scored(score, attempt, "field", "right"));
  assert.deepEqual([score.asked, score.first, score.kinds.field], [3, 1, "tried"]);
});
