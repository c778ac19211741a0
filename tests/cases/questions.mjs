// Prints questions as JSON: node questions.mjs CHAPTER '[[key, seed, turn], ...]'; with no list, the keys of the bank.
import { ask } from "../../convbook/explorers/front_end/practice/engine.js";

const [chapter, list] = process.argv.slice(2);
const { bank } = await import(`../../convbook/explorers/front_end/practice/questions/${chapter}.js`);
const wanted = list && JSON.parse(list).map(([key, seed, turn]) => ask(bank, key, seed, turn));
console.log(JSON.stringify(wanted || bank.map((kind) => kind.key)));
