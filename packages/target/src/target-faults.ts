import { faultOf } from "@firebreak/archive";

/** The faults of a load into a target of any kind. */
export interface TargetFaults {
  /** The full archive is not in, or only in part. */
  "delta-base-missing": { server: string; database: string; number: number; chainSha256: string };
  /** Archives of other chains are in, but none of the delta's own chain. */
  "delta-other-chain": { server: string; database: string; number: number; chainSha256: string };
  /** A link between the newest one in the target and this delta is missing. */
  "delta-link-missing": { server: string; database: string; number: number; newest: number };
  /** The chains fork: another delta of the same number is in or begun, or this delta has another base. */
  "delta-forked": { server: string; database: string; number: number; expected: string; found: string };
  /** A delta was begun in the target, and must be completed before anything else of its chain. */
  "delta-unfinished": { server: string; database: string; number: number };
  /** The target refused more rows or documents than the user allows. */
  "quarantine-full": { max: number; table: string; part: string; reason: string };
}

export const targetFault: ReturnType<typeof faultOf<TargetFaults>> = faultOf<TargetFaults>({
  "delta-base-missing": 6,
  "delta-other-chain": 6,
  "delta-link-missing": 6,
  "delta-forked": 6,
  "delta-unfinished": 6,
  "quarantine-full": 7,
});
