#!/usr/bin/env node
import { isOldNode, refuseOldNode } from "./old-node.ts";

// Node 12.17 and later must be able to parse this file and its imports, so that an old Node can report that
// it is too old. Code that needs a newer Node is loaded by import(), and there is no top-level await.
if (isOldNode(process.versions.node)) refuseOldNode(process.argv.slice(2));
else void run();

async function run(): Promise<void> {
  const { keepCompiledCode } = await import("./compiled-code.ts");
  // This comes first, so that it applies to all modules that follow.
  keepCompiledCode();
  const { setFlagsFromString } = await import("node:v8");
  // Parts stream through buffers outside the heap. By default, every 32 MB of them start a garbage collection
  // of the whole heap. That takes a third of the CPU time of reading parts (bench/garbage.ts).
  setFlagsFromString("--external-memory-accounted-in-global-limit");
  const { runCommandLine } = await import("./command-line.ts");
  const { collectAtLimit } = await import("@firebreak/archive");
  collectAtLimit();
  process.exitCode = await runCommandLine(process.argv.slice(2), process);
}
