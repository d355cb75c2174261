/** A remark about a dump that can be read nevertheless. */
export type DumpRemark =
  | {
      readonly code: "dump-one-database";
      readonly fields: { readonly path: string; readonly database: string };
    }
  | { readonly code: "dump-files-unknown"; readonly fields: { readonly files: readonly string[] } }
  | { readonly code: "dump-undescribed"; readonly fields: { readonly namespaces: readonly string[] } };

/** The findings about a dump that become remarks. */
export interface Findings {
  /** The database of the dump, if only the folder's name says which it is. */
  readonly only: { readonly path: string; readonly database: string } | undefined;
  readonly unknownFiles: readonly string[];
  /** Namespaces without metadata. */
  readonly undescribed: readonly string[];
}

export function remarksOn({ only, unknownFiles, undescribed }: Findings): DumpRemark[] {
  const remarks: DumpRemark[] = [];
  if (only !== undefined) remarks.push({ code: "dump-one-database", fields: only });
  if (unknownFiles.length > 0) remarks.push({ code: "dump-files-unknown", fields: { files: unknownFiles } });
  if (undescribed.length > 0) remarks.push({ code: "dump-undescribed", fields: { namespaces: undescribed } });
  return remarks;
}
