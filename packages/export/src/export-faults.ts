import { faultOf, type SourceManifest } from "@firebreak/archive";

/** Why an export does not begin, or ends. */
export interface ExportFaults {
  "archive-exists": { archive: string };
  "archive-folder-taken": { archive: string; found: string };
  "export-settings-changed": { archive: string; flag: string; before: string; now: string };
  "export-nothing": {
    source: SourceManifest["source"]["kind"];
    place: string;
    include: readonly string[];
    exclude: readonly string[];
  };
  "snapshot-lost": { server: string; reason: string };
  "source-redefined": { server: string; name: string };
  /** Tables of several databases that are one name in an archive: `c` of `a.b`, and `b.c` of `a`. */
  "source-names-alike": { server: string; namespace: string; databases: readonly string[] };
}

export const exportFault: ReturnType<typeof faultOf<ExportFaults>> = faultOf<ExportFaults>({
  "archive-exists": 6,
  "archive-folder-taken": 6,
  "export-settings-changed": 6,
  "export-nothing": 2,
  "snapshot-lost": 7,
  "source-redefined": 7,
  "source-names-alike": 6,
});
