/** What a person should know of a dump that can be read all the same. */
export type DumpRemark =
  | {
      readonly code: "dump-one-database";
      readonly fields: { readonly path: string; readonly database: string };
    }
  | { readonly code: "dump-files-unknown"; readonly fields: { readonly files: readonly string[] } }
  | { readonly code: "dump-undescribed"; readonly fields: { readonly namespaces: readonly string[] } };

/** What was found in a dump that remarks are made of. */
export interface Findings {
  /** The database that the dump is of, where its folder alone tells it. */
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
