import type { ArchiveFaults } from "@firebreak/archive";
import type { ChecksumFaults } from "@firebreak/checksum";
import type { ExportFaults } from "@firebreak/export";
import type { LoadFaults } from "@firebreak/load";
import type { MongodbFaults } from "@firebreak/mongodb";
import type { DumpRemark, MongodumpFaults } from "@firebreak/mongodump";
import type { MysqlFaults } from "@firebreak/mysql";
import type { CliFaults } from "../cli-faults.ts";

/** Every fault that a person can meet, with its fields. */
export type Faults = ArchiveFaults &
  MongodbFaults &
  MongodumpFaults &
  MysqlFaults &
  ExportFaults &
  LoadFaults &
  ChecksumFaults &
  CliFaults;

/** What happened, then what to do about it, each a sentence or more. */
export interface Message {
  readonly problem: string;
  readonly remedy: string;
}

/** What a running step tells besides its progress. */
export type Notes = {
  resumed: { archive: string };
  "collection-vanished": { namespace: string; documents: number };
  "load-resumed": { parts: number };
  "table-missing": { table: string };
  "columns-missing": { table: string; columns: readonly string[] };
} & { [R in DumpRemark as R["code"]]: R["fields"] };

/** All text for people, in one language. A code without text does not compile. */
export interface Catalogue {
  readonly faults: { readonly [C in keyof Faults]: (fields: Faults[C]) => Message };
  readonly notes: { readonly [C in keyof Notes]: (fields: Notes[C]) => string };
  readonly stages: Readonly<Record<string, string>>;
  readonly unexpected: Message;
  readonly interrupted: string;
  readonly done: (command: string, seconds: string) => string;
  readonly quarantined: (count: number) => string;
  readonly differs: (table: string) => string;
  readonly difference: (kind: "missing" | "extra" | "changed", key: string, columns: string) => string;
  readonly differencesCut: (buckets: number, read: number) => string;
}
