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
  await import("./command-line.ts");
}
