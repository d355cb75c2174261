import { faultOf } from "@firebreak/archive";

/** Why a comparison cannot be made. */
export interface ChecksumFaults {
  "checksum-unhashed": { table: string; rows: number };
}

export const checksumFault: ReturnType<typeof faultOf<ChecksumFaults>> = faultOf<ChecksumFaults>({
  "checksum-unhashed": 6,
});
