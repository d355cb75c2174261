import type { ReadLine } from "@firebreak/archive";
import type { SelectedKind, SelectValue } from "@firebreak/mysql";

/** A read of one collection. Filter, sort and projection are Extended JSON. */
export interface Find {
  readonly database: string;
  readonly collection: string;
  readonly filter: object;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly limit?: number;
  readonly projection?: object;
}

/** A document that a find returned or that an archive has, as a line. */
export type FoundDocument = Pick<ReadLine, "line" | "isRaw" | "fields">;

export interface FoundDocuments {
  /** The documents that the target is to have: those in transform's quarantine are left out. */
  readonly documents: readonly FoundDocument[];
  /** The number of documents that the server returned, to tell if a limit cut the answer. */
  readonly count: number;
}

/** A query in SQL. Values take the places of `?`. */
export interface Select {
  readonly sql: string;
  readonly values: readonly SelectValue[];
}

/** A row by column name: text in UTF-8, numbers in digits, binary values unchanged. */
export type FoundRow = ReadonlyMap<string, Buffer | null>;

export interface FoundRows {
  readonly rows: readonly FoundRow[];
  /** The number of rows that the server returned. */
  readonly count: number;
  /** The kind of values in each column of the answer. */
  readonly kinds: ReadonlyMap<string, SelectedKind>;
}

export type AskMongodb = (find: Find) => Promise<FoundDocuments>;
export type AskMysql = (select: Select) => Promise<FoundRows>;

/** A row of an answer by column or field, in a text that is equal for equal values of either database. */
export type AnswerRow = ReadonlyMap<string, string | null>;

export interface Answer {
  readonly rows: readonly AnswerRow[];
  /** False if a limit cut the answer: more rows may follow. */
  readonly isWhole: boolean;
}

/**
 * One execution of a query, with its parameters, on either database.
 *
 * While a case is only timed, it gets no documents and rows, but only their counts. So what it asks next must
 * depend on counts alone.
 */
export interface QueryCase {
  /** The parameters, as people read them. */
  readonly parameters: Readonly<Record<string, string>>;
  mongodb(find: AskMongodb): Promise<Answer>;
  mysql(select: AskMysql): Promise<Answer>;
  /** Tells of rows that transform moves to another place than their documents have. */
  readonly moved?: MovedRows;
}

/** Rows of the target that the source may have elsewhere than where a query looks for them. */
export interface MovedRows {
  /** The columns that tell a row apart. */
  readonly identity: readonly string[];
  /** Returns true if the source has the row elsewhere. The query then does not hold it against the target. */
  isElsewhere(row: AnswerRow, find: AskMongodb): Promise<boolean>;
}

/** A query that runs with several parameters. */
export interface TestedQuery {
  readonly name: string;
  /** True if the order of the rows is a part of the answer. */
  readonly isOrdered: boolean;
  /** True if the target fills in values that documents may lack. A column that a document lacks is not compared. */
  readonly isPartial?: boolean;
  readonly cases: readonly QueryCase[];
  /** The columns that an index of the target should begin with, if they are known. */
  readonly lookup?: Lookup | undefined;
}

export interface Lookup {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly sqlType: string }[];
  /** True if the table is an application's own, which its vendor defines. */
  readonly isGiven: boolean;
}
