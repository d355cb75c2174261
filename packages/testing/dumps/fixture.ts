import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "..", "..", "shared", "data", "mongodump");

/** The output of mongodump 100.18 for one database, in each of its forms. */
export const FORMS = ["folder", "folder-gzip", "fixture.archive", "fixture.archive.gz"] as const;
export type Form = (typeof FORMS)[number];

/** For `describe.skipIf`, and the reason for the title: empty where the fixture is there. */
export const lacksFixture = !existsSync(folder);
export const whyNoFixture = lacksFixture ? ` (skipped: ${folder} is not there)` : "";

export function fixturePath(form: Form): string {
  return join(folder, form);
}

/** The state of the server when the fixture was dumped. Numbers of any type are those of JavaScript. */
export interface Expected {
  readonly collections: readonly { readonly name: string; readonly type: string; readonly options: object }[];
  readonly indexes: Readonly<Record<string, readonly object[]>>;
  /** As hex; of some collections the number of documents only. */
  readonly documents: Readonly<Record<string, readonly string[] | { readonly $numberInt: string }>>;
}

export function expectedOfFixture(): Expected {
  return JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
}
