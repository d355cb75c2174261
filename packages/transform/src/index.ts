export {
  transformArchive,
  type TargetKind,
  type TransformNotes,
  type TransformOptions,
} from "./transform.ts";
export type { TransformFaults } from "./transform-faults.ts";
