export { compactChain, type CompactOptions } from "./compact.ts";
export { compactFault, type CompactFaults } from "./compact-faults.ts";
export type { CompactEvent, CompactNotes } from "./compact-notes.ts";
