import { namespaceTest, refuseIdle, type SourceManifest, type SourceNamespace } from "@firebreak/archive";
import { restoreFault } from "./restore-faults.ts";

export interface RestoreOptions {
  readonly archive: string;
  readonly url: string;
  /** The folder that remembers finished restores. */
  readonly work: string;
  readonly jobs: number;
  /** The user's identities, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** Globs on the archive's namespaces. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** `db.collection=db.collection` or `db=db`. */
  readonly renames: readonly string[];
  /** True if collections that are in the way may be dropped. */
  readonly isDropping: boolean;
  /** True if indexes are left out, except those that come with a collection. */
  readonly isWithoutIndexes: boolean;
  /** True to check everything and write nothing. */
  readonly isDryRun: boolean;
  /** Called before anything is dropped. If it returns false, the restore writes nothing. */
  readonly confirmDrop: (namespaces: readonly string[]) => Promise<boolean>;
}

/** The options of a restore in progress. */
export interface RestoreRun extends RestoreOptions {
  /** The recipients of an encrypted archive: its quarantine is encrypted to them too. */
  readonly recipients: readonly string[];
}

/**
 * Returns the namespaces that the globs select.
 *
 * @throws {FirebreakError} `restore-nothing`, or a fault of archive for a glob that selects none.
 */
export function selectedNamespaces(
  { archive, include, exclude }: Pick<RestoreOptions, "archive" | "include" | "exclude">,
  { namespaces }: SourceManifest,
): SourceNamespace[] {
  const isWanted = namespaceTest({ include, exclude });
  const selected = namespaces.filter((n) => isWanted(n.namespace));
  if (selected.length === 0) throw restoreFault("restore-nothing", { archive, include, exclude });
  const names = namespaces.map((n) => n.namespace);
  refuseIdle(include, names, archive);
  return selected;
}
