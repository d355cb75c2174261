export { compactChain, type CompactOptions } from "./compact.ts";
export { compactFault, type CompactFaults, type CompactNote } from "./compact-faults.ts";
