import { faultOf } from "@firebreak/archive";

/** The reasons for which an archive is not the next link of its chain in a target of any kind. */
export interface ChainFaults {
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
}

export const chainFault: ReturnType<typeof faultOf<ChainFaults>> = faultOf<ChainFaults>({
  "delta-base-missing": 6,
  "delta-other-chain": 6,
  "delta-link-missing": 6,
  "delta-forked": 6,
  "delta-unfinished": 6,
});
