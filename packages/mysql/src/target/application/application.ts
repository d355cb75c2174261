import type { MysqlManifest, ProfileFacts, TargetFacts } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";

/** A sample of a table's rows: the first and the last by the column `by`, with these columns. */
export interface RowSample {
  readonly by: string;
  readonly columns: readonly string[];
}

/** A sampled row: text by column, null for NULL. */
export type SampledRow = Readonly<Record<string, string | null>>;

/** The part of a target's facts that only the application's profile reads. */
export type ApplicationFacts = Readonly<Record<string, unknown>>;

/** Collects sampled rows and reports what they show. */
export interface SampledRows {
  add(table: string, row: SampledRow): void;
  answers(): ApplicationFacts;
}

/** A reason of an application against a load. Its profile has the text. */
export interface ApplicationFinding {
  readonly what: string;
  readonly [field: string]: unknown;
}

/**
 * The facts about an application whose own tables a target has. The caller passes it in: no recipe
 * knows an application.
 */
export interface Application {
  /** The name of its profile. */
  readonly profile: string;
  /** The table in which the application notes its migrations. It is not among a target's tables. */
  readonly historyTable: string;
  /** Columns whose width decides what rows look like: a wider column needs other rows. */
  readonly decidingColumns: ReadonlySet<string>;
  /** Returns the latest migration of a database. Undefined if the database is not the application's. */
  migration(session: MysqlSession, database: string): Promise<string | undefined>;
  /** Returns the facts that tell the migration. */
  migrationFacts(migration: string | undefined): ApplicationFacts;
  /**
   * Reads a file of a target's facts.
   *
   * @throws {FirebreakError} a fault of the profile if the file is no such file.
   */
  readFacts(text: string): TargetFacts;
  /** Returns what the facts say of the application, for people. */
  found(facts: TargetFacts): ApplicationFacts;
  /** Returns the error for a migration that was another one, or none, at the end of a load. */
  migrationMoved(fields: { database: string; before: string; after: string | undefined }): Error;
  /** Returns the sample of a table; undefined if its rows tell nothing. */
  sampleOf(table: string): RowSample | undefined;
  /** @param made the settings with which rows were made, to compare the sample with. */
  sampledRows(made: ProfileFacts | undefined): SampledRows;
  /** Compares a target with the settings, and with the target, that rows were made for. */
  findings(made: Pick<MysqlManifest, "target" | "profileFacts">, found: TargetFacts): ApplicationFinding[];
}
