#!/usr/bin/env node
import { isOldNode, refuseOldNode } from "./old-node.ts";

// Any Node from 12.17 on has to be able to parse this file and what it imports, to be told that it is too old.
// So what needs a newer one comes by import(), and nothing is awaited at the top level.
if (isOldNode(process.versions.node)) refuseOldNode(process.argv.slice(2));
else void run();

async function run(): Promise<void> {
  const { keepCompiledCode } = await import("./compiled-code.ts");
  // First, so that it holds for all modules that follow.
  keepCompiledCode();
  const { setFlagsFromString } = await import("node:v8");
  // Parts stream through buffers outside of the heap. By default every 32 MB of them start a collection of the
  // whole heap: a third of the CPU that reading parts takes (bench/garbage.ts).
  setFlagsFromString("--external-memory-accounted-in-global-limit");
  const { runCommandLine } = await import("./command-line.ts");
  process.exitCode = await runCommandLine(process.argv.slice(2), process);
}
