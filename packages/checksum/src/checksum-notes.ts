import type { StepEvent } from "@firebreak/archive";

/** The notes of a comparison with a target, with their fields. */
export interface ChecksumNotes {
  "table-missing": { table: string };
  "columns-missing": { table: string; columns: readonly string[] };
  "collection-missing": { namespace: string };
  sampled: { rows: number; total: number };
  "differences-vanished": { table: string };
  "differences-written": { file: string; lines: number };
  "quarantine-missing": { table: string; part: string; count: number; file: string };
  "rows-quarantined": { count: number; folder: string };
  "documents-quarantined": { count: number; folder: string };
  "documents-quarantine-missing": { namespace: string; part: string; count: number; file: string };
  "chain-documents-differ": { namespace: string; expected: number; found: number };
  "other-link-in": { database: string; number: number; newest: number };
  "table-undropped": { table: string };
  "chain-rows-unknown": { table: string; isMissing: boolean; place: string };
  "repair-written": { folder: string; tables: number; missing: number; extra: number; changed: number };
  "repair-nothing": { lacking: readonly string[] };
}

export type ChecksumStep = StepEvent<ChecksumNotes>;
