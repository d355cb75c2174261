import { nodeOld } from "./messages/en/node.ts";

/** The lowest major version of Node that Firebreak runs on, as in `engines` in package.json. */
export const NEEDED_NODE = 24;

/** Returns true if a version of Node, such as 20.20.2, is too old. */
export function isOldNode(version: string): boolean {
  return Number(version.split(".", 1)[0]) < NEEDED_NODE;
}

/**
 * Reports that this Node is too old, and sets the exit code to 2. With `--json`, the summary on stdout has
 * the error too.
 *
 * This file runs on the old Node itself, so it uses no syntax, method or module that Node 12 lacks.
 */
export function refuseOldNode(args: readonly string[]): void {
  const found = process.versions.node;
  const { problem, remedy } = nodeOld({ found, needed: NEEDED_NODE, program: process.execPath });
  process.stderr.write(`firebreak: ${problem}\n${remedy}\n`);
  if (args.includes("--json")) {
    const command = args.find((arg) => arg !== "--") || "";
    const error = { code: "node-old", problem, remedy };
    const summary = {
      event: "summary",
      command,
      ok: false,
      exitCode: 2,
      namespaces: [],
      error,
      elapsedMs: 0,
    };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  }
  process.exitCode = 2;
}
