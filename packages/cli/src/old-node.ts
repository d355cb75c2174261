import { nodeOld } from "./messages/en-node.ts";

/** The first version of Node that everything runs on; `engines` in package.json says the same. */
export const NEEDED_NODE = 24;

/** Whether a version of Node, such as 20.20.2, is older than the one needed. */
export function isOldNode(version: string): boolean {
  return Number(version.split(".", 1)[0]) < NEEDED_NODE;
}

/**
 * Says that this Node is too old, and sets the exit code to 2. With `--json` the
 * summary says it as well.
 *
 * This file runs on the old Node itself: it has no syntax, method or module that Node 12 lacks.
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
