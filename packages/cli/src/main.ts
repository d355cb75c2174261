#!/usr/bin/env node
import { keepCompiledCode } from "./compiled-code.ts";

// First, so that it holds for all modules that follow.
keepCompiledCode();
await import("./command-line.ts");
