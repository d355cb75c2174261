import { faultOf } from "@firebreak/archive";

/** Why a chain is not made one archive. */
export interface CompactFaults {
  "compact-no-delta": { archive: string };
  "compact-out-inside": { out: string; archive: string };
  "compact-out-taken": { out: string; found: string };
}

export const compactFault: ReturnType<typeof faultOf<CompactFaults>> = faultOf<CompactFaults>({
  "compact-no-delta": 6,
  "compact-out-inside": 2,
  "compact-out-taken": 6,
});

/** What is said besides. */
export type CompactNote =
  | { readonly code: "compact-resumed"; readonly fields: { out: string; namespaces: number } }
  /** The server's order of keys is not known: new ones stand behind all others. */
  | { readonly code: "compact-behind"; readonly fields: { namespace: string; lines: number } };
