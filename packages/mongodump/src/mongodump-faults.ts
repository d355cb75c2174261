import { faultOf, type OwnReason, type Reason } from "@firebreak/archive";

/** The faults of a dump, or of the place for a new one. */
export interface MongodumpFaults {
  "dump-missing": { path: string };
  "dump-foreign": { path: string };
  "dump-mixed": { path: string; file: string; folder: string };
  "dump-database-name": { path: string; database: string };
  "dump-file-missing": { file: string; namespace: string };
  "dump-file-twice": { files: readonly string[]; namespace: string };
  "dump-name-unknown": { file: string };
  "dump-metadata": { file: string; namespace: string; reason: Reason };
  /** `offset` counts bytes of the content, after decompression if the file is compressed. */
  "dump-damaged": { file: string; offset: number; reason: OwnReason };
  "dump-folder-taken": { folder: string; found: string };
  "dump-unsayable": { namespace: string };
  /** `time` and `entry` are undefined if the bytes are no entry at all. */
  "oplog-entry": {
    path: string;
    time: string | undefined;
    entry: string | undefined;
    reason: Reason;
    namespace?: string;
  };
}

export const mongodumpFault: ReturnType<typeof faultOf<MongodumpFaults>> = faultOf<MongodumpFaults>({
  "dump-missing": 5,
  "dump-foreign": 5,
  "dump-mixed": 5,
  "dump-database-name": 5,
  "dump-file-missing": 5,
  "dump-file-twice": 5,
  "dump-name-unknown": 5,
  "dump-metadata": 5,
  "dump-damaged": 5,
  "dump-folder-taken": 6,
  "dump-unsayable": 6,
  "oplog-entry": 6,
});
