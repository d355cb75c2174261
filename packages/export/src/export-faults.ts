import { faultOf, type Reason, type SourceManifest } from "@firebreak/archive";

/** The reasons for which an export is refused or ends. */
export interface ExportFaults {
  "archive-exists": { archive: string };
  "archive-folder-taken": { archive: string; found: string };
  "export-settings-changed": { archive: string; flag: string; before: string; now: string };
  "export-nothing": {
    source: SourceManifest["source"]["kind"];
    place: string;
    include: readonly string[];
    exclude: readonly string[];
    /** The namespaces that match, but that an export omits always, or unless it is asked for them. */
    leftOut: readonly string[];
  };
  "snapshot-lost": { server: string; namespace: string; reason: Reason };
  "source-redefined": { server: string; name: string };
  "delta-settings-differ": { previous: string; flag: string; before: string; now: string };
  "delta-source-differs": { previous: string; kind: SourceManifest["source"]["kind"]; now: string };
  "delta-of-another": { archive: string; previous: string };
  "delta-source-behind": { server: string; since: string; now: string };
  "delta-unseen": { server: string; namespaces: readonly string[] };
  /** In MySQL: tables of the chain that may exist, but that the user cannot see or read. */
  "delta-unreadable": { server: string; namespaces: readonly string[] };
  /** The server cannot read one table to its end. */
  "table-unreadable": { server: string; namespace: string; reason: string };
  "delta-scope": { server: string; database: string; others: readonly string[] };
  /** Tables of several databases that have one name in an archive: `c` of `a.b`, and `b.c` of `a`. */
  "source-names-alike": { server: string; namespace: string; databases: readonly string[] };
}

export const exportFault: ReturnType<typeof faultOf<ExportFaults>> = faultOf<ExportFaults>({
  "archive-exists": 6,
  "archive-folder-taken": 6,
  "export-settings-changed": 6,
  "export-nothing": 2,
  "snapshot-lost": 7,
  "source-redefined": 7,
  "delta-settings-differ": 6,
  "delta-source-differs": 6,
  "delta-of-another": 6,
  "delta-source-behind": 6,
  "delta-unseen": 6,
  "delta-unreadable": 6,
  "table-unreadable": 7,
  "delta-scope": 6,
  "source-names-alike": 6,
});
