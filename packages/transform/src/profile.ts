import type {
  MysqlTable,
  ProfileFacts,
  ReadLine,
  SourceNamespace,
  SourceTable,
  TargetFacts,
  DatabaseKind,
} from "@firebreak/archive";
import type { CollectionPlan } from "./collections/documents-plan.ts";
import type {
  DuplicateDecision,
  LineMapper,
  PossibleDuplicate,
  TargetDocument,
  TargetRow,
} from "./lines/line-mapper.ts";

/**
 * The mappings of one application, as data and pure functions. The cli passes it in.
 *
 * Transform reads the lines twice. In the first pass a surveyor looks at each part of a group of namespaces.
 * From the merged counts the profile decides its settings and its plan, or refuses. In the second pass a
 * mapper turns each line into rows or documents. Both run in worker threads, which import the profile's
 * module.
 */
export interface Profile {
  readonly name: string;
  /** @throws {FirebreakError} a refusal that needs no look at the lines. */
  begin(source: ProfileSource): ProfileBeginning;
}

export interface ProfileSource {
  readonly to: DatabaseKind;
  readonly namespaces: readonly ProfileNamespace[];
  /** The instant of the archive, for rules about age. It is the same in every run. */
  readonly watermarkMs: number;
}

/** A collection, or a table with its description at the source. */
export interface ProfileNamespace extends Pick<
  SourceNamespace,
  "namespace" | "database" | "collection" | "lineCount"
> {
  readonly table?: SourceTable | undefined;
}

export interface ProfileBeginning {
  /** The URL of a file whose default export is a `ProfileWorker`. */
  readonly module: string;
  /** The namespaces to map, in the order of the surveys. A later survey knows the counts of earlier ones. */
  readonly groups: readonly ProfileGroup[];
  /** The treatment of namespaces in no group: the generic mapping takes them, or they stay at the source. */
  readonly others: "generic" | "stay";
  /** The namespaces in no group that stay in any case. */
  readonly staying: readonly string[];
  /** Returns structured-cloneable data for a group's surveyors. Undefined if the group needs no survey. */
  surveyData(group: string, before: ProfileSurveys): unknown;
  /** @throws {SurveysDiffer} if the two were made with different settings. */
  merge(one: ProfileSurvey, other: ProfileSurvey): ProfileSurvey;
  /** @throws {FirebreakError} if the lines contradict a setting, or do not show one that nobody gave. */
  plan(surveys: ProfileSurveys): ProfilePlan;
}

export interface ProfileGroup {
  readonly name: string;
  readonly namespaces: readonly string[];
  /** The group whose keys its lines refer to, if they do. */
  readonly refersTo?: string;
}

/** The counts of one or more surveyors, structured-cloneable. Only the profile knows their shape. */
export type ProfileSurvey = object;

/** Surveys that cannot be added: those of a chain were made with other settings. */
export class SurveysDiffer extends Error {}

/** The surveys by group. */
export type ProfileSurveys = ReadonlyMap<string, ProfileSurvey>;

/** The plan of the targets to make. */
export interface ProfilePlan extends Pick<ProfileFacts, "options" | "settings" | "decisions" | "counts"> {
  /** The data for the mappers, structured-cloneable without shared memory. Mappers must not change it. */
  readonly data: unknown;
  /** The tables, for MySQL. A table's `namespace` is the one whose rows it holds if no row is misplaced. */
  readonly tables: readonly ProfileTable[];
  /** The collections, for MongoDB, with namespaces as above. */
  readonly collections: readonly ProfileCollection[];
  /** The shape that the plan assumes for given tables. */
  readonly target?: TargetFacts | undefined;
  /**
   * A statement of SQL that fails on a database that the application has not prepared. A load by the stock
   * client begins with it.
   */
  readonly ownTablesCheck?: string | undefined;
  /** The remarks and skipping rules whose lines are listed one by one, besides being counted. */
  readonly listed: readonly string[];
  /**
   * Decides between lines with one key. There are at least two, in the order of namespaces, parts and lines.
   */
  decideDuplicates(duplicates: readonly PossibleDuplicate[]): DuplicateDecision;
  /**
   * Returns the keys whose lines an earlier plan, with this data, maps by another rule: a line counts by the
   * key that it refers to, or by its own if it refers to none. Undefined if plans differ in more than that.
   */
  movedSince(earlierData: unknown): readonly KeyRange[] | undefined;
  /**
   * Returns the remark of a line that refers to a key (signed) only to know if there is a line with it, and there
   * is none. A delta counts it without reading the line, so it must be the only effect of that, also on a line that
   * goes to quarantine, and must not be in `listed`. Lines that ask so share their own keys with no others, and
   * if they may be skipped, the key that they refer to decides that: then there is no remark.
   */
  absentRemark(key: bigint): string | undefined;
}

/** Keys from `from` up to `to`, signed. */
export interface KeyRange {
  /** Undefined if the range has no beginning. */
  readonly from: bigint | undefined;
  readonly to: bigint;
}

export type ProfileTable = Pick<
  MysqlTable,
  "table" | "database" | "namespace" | "columns" | "keyColumns" | "logicalKey" | "rowEncoding"
>;

export type ProfileCollection = Omit<CollectionPlan, "rule">;

/**
 * The profile's side in a worker thread. These are methods, whose parameters may be of narrower types: a
 * profile names the type of `data`, since it gets what its own plan gave.
 */
export interface ProfileWorker {
  surveyor(data: unknown, ns: ProfileNamespace): ProfileSurveyor;
  rowMapper(data: unknown, ns: ProfileNamespace, lookup: ProfileLookup): LineMapper<TargetRow>;
  documentMapper(data: unknown, ns: ProfileNamespace, lookup: ProfileLookup): LineMapper<TargetDocument>;
}

export interface ProfileSurveyor {
  /** Returns what other lines may have in common with the line. Undefined if that is nothing. */
  take(read: ReadLine): SurveyedLine | undefined;
  finish(): ProfileSurvey;
}

/** The keys of a line, each a number of 64 bits, signed or not, that is the key itself or its hash. */
export interface SurveyedLine {
  /** The key for lookups by other lines and to find duplicates. */
  readonly key?: bigint | undefined;
  /** The value that `ProfileLookup` finds under the key: a text of a few dozen bytes. */
  readonly value?: string | undefined;
  /** If it has no `key`: the key by which rows are replaced, if other lines may make rows with the same. */
  readonly rowKey?: bigint | undefined;
  /** The key of a line in the group that its own refers to. */
  readonly reference?: Reference | undefined;
}

export interface Reference {
  readonly key: bigint;
  /** The mapper looks up the values under the key, only whether there is one, or (`age`) nothing. */
  readonly for: "value" | "presence" | "age";
}

/**
 * A lookup of the keys that surveyors found in the lines of a group. Memory stays flat. A mapper may ask only
 * for what the surveyor named as the line's reference.
 */
export interface ProfileLookup {
  /** True if a line has the key. */
  has(group: string, key: bigint): boolean;
  /** Returns the distinct values that lines stored under the key. */
  find(group: string, key: bigint): readonly string[];
}
