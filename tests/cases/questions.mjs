// Prints questions as JSON: node questions.mjs CHAPTER '[[key, seed, turn], ...]'; with no list, the keys of the bank.
import { ask } from "../../convbook/explorers/practice_engine.js";

const [chapter, list] = process.argv.slice(2);
const { bank } = await import(`../../convbook/explorers/questions/${chapter}.js`);
const wanted = list && JSON.parse(list).map(([key, seed, turn]) => ask(bank, key, seed, turn));
console.log(JSON.stringify(wanted || bank.map((kind) => kind.key)));
