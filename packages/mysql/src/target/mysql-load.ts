import type { MysqlManifest, TableSelection } from "@firebreak/archive";
import type { Application } from "./application/application.ts";
import type { LoadRequest } from "@firebreak/target";

/** The options of a load that only MySQL has. */
export interface MysqlLoadOptions {
  readonly url: string;
  /** Merges rows into an application's own tables: rows of others may exist there, and are compared. */
  readonly isMerge?: boolean;
  /** Finds the application of a profile, for rows of the application's own tables. */
  readonly applicationOf?: ((profile: string) => Promise<Application | undefined>) | undefined;
  /** The user agrees to the statements by which a delta makes room in tables. */
  readonly mayAlter?: boolean;
  /**
   * The tables to load, and their place, if the load is part of a larger task. By default all tables, to the
   * place that the manifest names.
   */
  readonly select?: TableSelection | undefined;
}

/** A load into MySQL, with all that it needs. */
export type MysqlLoad = MysqlLoadOptions & LoadRequest<MysqlManifest>;
