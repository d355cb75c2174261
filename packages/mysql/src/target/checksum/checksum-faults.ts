import { faultOf } from "@firebreak/archive";

/** The reasons why a comparison cannot be made. */
export interface ChecksumFaults {
  "checksum-unhashed": { table: string; rows: number };
  /** None of these folders has the transform of a link before a delta. */
  "link-not-transformed": { archive: string; folders: readonly string[] };
}

export const checksumFault: ReturnType<typeof faultOf<ChecksumFaults>> = faultOf<ChecksumFaults>({
  "checksum-unhashed": 6,
  "link-not-transformed": 6,
});
