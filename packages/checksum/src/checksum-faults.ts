import { faultOf } from "@firebreak/archive";

/** Why a comparison cannot be made. */
export interface ChecksumFaults {
  "checksum-unhashed": { table: string; rows: number };
  /** Of a link before a delta: what transform made of it is in none of these folders. */
  "link-not-transformed": { archive: string; folders: readonly string[] };
}

export const checksumFault: ReturnType<typeof faultOf<ChecksumFaults>> = faultOf<ChecksumFaults>({
  "checksum-unhashed": 6,
  "link-not-transformed": 6,
});
