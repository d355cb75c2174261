import type { CliFaults } from "../../cli-faults.ts";
import type { Message } from "@firebreak/profile";

/** The fault of an old Node, which runs this file itself. It uses no syntax or method that Node 12 lacks. */
export function nodeOld(f: CliFaults["node-old"]): Message {
  return {
    problem: `Firebreak needs Node ${f.needed} or later, and ${f.program} is Node ${f.found}.`,
    remedy: `Install Node ${f.needed}, put its folder first on PATH, then run the same command again.`,
  };
}
