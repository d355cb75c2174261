import type { ProfileFacts, TargetFacts, DatabaseKind } from "@firebreak/archive";
import type { Application } from "@firebreak/mysql";
import type { ApplicationQueries } from "@firebreak/query-test";
import type { Profile } from "@firebreak/transform";
import type { ApplicationSite } from "./application-site.ts";
import type { DocumentGroups } from "./document-groups.ts";

/** The mappings of one application, and its own tables. */
export interface ProfileSupport {
  /** The application's own tables in MySQL. */
  readonly application: Application;
  /**
   * Returns the database in an archive that is the application's, if it is certain. A person then has to say
   * how it goes over.
   */
  databaseOf(namespaces: readonly { database: string; collection: string }[]): string | undefined;
  /**
   * Returns the mappings with a person's settings.
   *
   * @throws {FirebreakError} a fault of the profile about a setting or a file.
   */
  chosen(given: GivenSettings): Promise<Profile>;
  /**
   * Returns the mappings for a delta, with the settings of its chain. The person's settings must agree with
   * them.
   *
   * @throws {FirebreakError} a fault of the profile about a setting or a file.
   */
  ofChain(chain: ChainSettings, given: GivenSettings): Promise<ChainMappings>;
  /**
   * Returns the application's own queries, for a comparison of source and target. A setting that a person
   * gives here counts as the application's own, and overrides the one with which the rows were made.
   * Missing if the profile knows no queries.
   *
   * @throws {FirebreakError} a fault of the profile about a setting or a file.
   */
  queries?(given: GivenSettings): Promise<ApplicationQueries>;
  /**
   * Returns how a plan counts the application's documents. Missing if the profile spreads none over tables.
   *
   * @throws {FirebreakError} a fault of the profile about a setting or a file.
   */
  site?(given: GivenSettings): Promise<ApplicationSite>;
  /**
   * Returns how the application's documents in MongoDB belong together, so that a part of them can be whole.
   * Missing if they stand alone.
   *
   * @throws {FirebreakError} a fault of the profile about a setting or a file.
   */
  groups?(given: GivenSettings): Promise<DocumentGroups>;
}

/** The settings with which the links before a delta were transformed. */
interface ChainSettings {
  readonly to: DatabaseKind;
  readonly facts: ProfileFacts;
  readonly target: TargetFacts | undefined;
}

interface ChainMappings {
  readonly profile: Profile;
  /** The options in force, as a person would give them. */
  readonly options: Readonly<Record<string, string>>;
}

/** The settings that a person gives on the command line. */
export interface GivenSettings {
  /** `NAME=VALUE` each. */
  readonly options: readonly string[];
  /** The folder with the application's own settings files. */
  readonly site: SiteFolder | undefined;
  /** The facts of the target. */
  readonly target: TargetFacts | undefined;
  /**
   * Reads a file that an option names.
   *
   * @throws {FirebreakError} `file-unreadable`
   */
  readText(file: string): Promise<string>;
}

export interface SiteFolder {
  readonly path: string;
  /**
   * Reads a file in the folder. Returns undefined if there is none of that name.
   *
   * @throws {FirebreakError} `file-unreadable`
   */
  read(file: string): Promise<string | undefined>;
}
