import type {
  MysqlTable,
  ProfileFacts,
  ReadLine,
  SourceNamespace,
  SourceTable,
  TargetFacts,
} from "@firebreak/archive";
import type { MappedDocument } from "./document-mapper.ts";
import type { CollectionPlan } from "./documents-plan.ts";

/**
 * The mappings of one application, as data and pure functions; the cli hands it in.
 *
 * Its lines are read twice. In the first pass a surveyor looks at each part of a
 * group of namespaces; from what all of them counted the profile decides its
 * settings and its plan, or refuses. In the second a mapper makes of each line
 * rows or documents. Both run in worker threads, which import the profile's module.
 */
export interface Profile {
  readonly name: string;
  /** @throws {FirebreakError} a refusal that needs no look at the lines. */
  begin(source: ProfileSource): ProfileBeginning;
}

export interface ProfileSource {
  readonly to: "mysql" | "mongodb";
  readonly namespaces: readonly ProfileNamespace[];
  /** The instant that the archive is of, for rules about age: the same in every run. */
  readonly watermarkMs: number;
}

/** A collection, or a table with what its source says of it. */
export interface ProfileNamespace extends Pick<
  SourceNamespace,
  "namespace" | "database" | "collection" | "lineCount"
> {
  readonly table?: SourceTable | undefined;
}

export interface ProfileBeginning {
  /** The URL of a file whose default export is a `ProfileWorker`. */
  readonly module: string;
  /** What is mapped, in the order of the surveys: a later one knows what earlier ones counted. */
  readonly groups: readonly ProfileGroup[];
  /** What becomes of the namespaces of no group: they go by the generic mapping, or stay where they are. */
  readonly others: "generic" | "stay";
  /** Of those the ones that stay in any case. */
  readonly staying: readonly string[];
  /** For the surveyors of a group, structured-cloneable; undefined where the group needs no survey. */
  surveyData(group: string, before: ProfileSurveys): unknown;
  merge(one: ProfileSurvey, other: ProfileSurvey): ProfileSurvey;
  /** @throws {FirebreakError} where settings that nobody gave cannot be told from the lines, or the lines speak against them. */
  plan(surveys: ProfileSurveys): ProfilePlan;
}

export interface ProfileGroup {
  readonly name: string;
  readonly namespaces: readonly string[];
}

/** What one surveyor counted, or several: structured-cloneable, and known to the profile alone. */
export type ProfileSurvey = object;

/** By group. */
export type ProfileSurveys = ReadonlyMap<string, ProfileSurvey>;

/** What is to be made, and how. */
export interface ProfilePlan extends Pick<ProfileFacts, "options" | "settings" | "decisions" | "counts"> {
  /** For the mappers, structured-cloneable. */
  readonly data: unknown;
  /** For MySQL. A table's `namespace` is the one whose rows lie in it where nothing is misplaced. */
  readonly tables: readonly ProfileTable[];
  /** For MongoDB, likewise. */
  readonly collections: readonly ProfileCollection[];
  /** What given tables were taken to be like. */
  readonly target?: TargetFacts | undefined;
  /** Remarks and rules of skipping whose lines are listed one by one, beside being counted. */
  readonly listed: readonly string[];
  /** Settles lines of one key. At least two, in the order of namespaces, parts and lines. */
  settle(twins: readonly ProfileTwin[]): ProfileSettlement;
}

export type ProfileTable = Pick<
  MysqlTable,
  "table" | "database" | "namespace" | "columns" | "keyColumns" | "logicalKey" | "rowEncoding"
>;

export type ProfileCollection = Omit<CollectionPlan, "rule">;

/** Of a line where two of one key cannot both go over; also of one that cannot go over for a reason of its own. */
export interface ProfileTwin {
  /** Exact, where the surveyor's is a hash. */
  readonly key: string;
  /** Equal in lines that are one thing written twice. */
  readonly identity: string;
  /** Of equal ones the highest stays. */
  readonly rank: bigint;
}

export type ProfileSettlement =
  /** The place of the one that stays; the others are collapsed into it. */
  | { readonly kind: "collapsed"; readonly kept: number }
  | { readonly kind: "quarantine"; readonly reason: string; readonly field: string };

/** The profile's side in a worker thread. */
export interface ProfileWorker {
  surveyor(data: unknown, ns: ProfileNamespace): ProfileSurveyor;
  rowMapper(data: unknown, ns: ProfileNamespace, lookup: ProfileLookup): ProfileMapper<MappedRow>;
  documentMapper(
    data: unknown,
    ns: ProfileNamespace,
    lookup: ProfileLookup,
  ): ProfileMapper<MappedTargetDocument>;
}

export interface ProfileSurveyor {
  /** What others may ask for by key, or need to know to be alone with it; undefined for nothing. */
  take(read: ReadLine): SurveyedKey | undefined;
  finish(): ProfileSurvey;
}

export interface SurveyedKey {
  /** 64 bits, signed or not: a number that is the key, or a hash of it. */
  readonly key: bigint;
  /** What `ProfileLookup` finds; text of a few dozen bytes. */
  readonly value?: string | undefined;
}

/** What surveyors found in the lines of a group. Reads the disk; memory is flat. */
export interface ProfileLookup {
  /** Whether a line has the key. */
  has(group: string, key: bigint): boolean;
  /** The values that lines left under it, equal ones once. */
  find(group: string, key: bigint): readonly string[];
}

export interface ProfileMapper<Output> {
  /** The surveyor's key of a line; undefined where it has none. */
  keyOf(read: ReadLine): bigint | undefined;
  map(read: ReadLine): ProfileMapped<Output>;
}

export type ProfileMapped<Output> =
  | {
      readonly kind: "mapped";
      readonly outputs: readonly Output[];
      /** What was done by rule: counted, and listed where the plan says so. */
      readonly remarks: readonly string[];
      readonly twin?: ProfileTwin | undefined;
    }
  | {
      readonly kind: "quarantine";
      readonly reason: string;
      readonly field: string;
      readonly twin?: ProfileTwin | undefined;
    }
  | { readonly kind: "skipped"; readonly by: string };

export interface MappedRow {
  /** The place of its table in the plan. */
  readonly table: number;
  /** Byte text, a cell a column. */
  readonly cells: (string | null)[];
}

export interface MappedTargetDocument {
  /** The place of its collection in the plan. */
  readonly collection: number;
  readonly document: Exclude<MappedDocument, { readonly kind: "quarantine" }>;
}
