/** What a person should know of a dump that can be read all the same. */
export type DumpRemark =
  | { readonly code: "dump-oplog"; readonly fields: { readonly path: string } }
  | { readonly code: "dump-files-unknown"; readonly fields: { readonly files: readonly string[] } }
  | { readonly code: "dump-undescribed"; readonly fields: { readonly namespaces: readonly string[] } };

/** What was found in a dump that remarks are made of. */
export interface Findings {
  /** The file that has an oplog. */
  readonly oplog: string | undefined;
  readonly unknownFiles: readonly string[];
  /** Namespaces without metadata. */
  readonly undescribed: readonly string[];
}

export function remarksOn({ oplog, unknownFiles, undescribed }: Findings): DumpRemark[] {
  const remarks: DumpRemark[] = [];
  if (oplog !== undefined) remarks.push({ code: "dump-oplog", fields: { path: oplog } });
  if (unknownFiles.length > 0) remarks.push({ code: "dump-files-unknown", fields: { files: unknownFiles } });
  if (undescribed.length > 0) remarks.push({ code: "dump-undescribed", fields: { namespaces: undescribed } });
  return remarks;
}
