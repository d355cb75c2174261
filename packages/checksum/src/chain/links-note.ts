import { readLinks, type MysqlSession } from "@firebreak/mysql";
import type { ChainPlace } from "@firebreak/target";
import type { ChecksumStep } from "../checksum-notes.ts";

/** Reports each database that has another link of the chain than the compared one. */
export async function* linksNote(
  session: MysqlSession,
  databases: Iterable<string>,
  place: ChainPlace,
): AsyncGenerator<ChecksumStep> {
  for (const database of databases) {
    const { own } = await readLinks(session, database, place.chain);
    const newest = Math.max(0, ...own.map((l) => l.number));
    if (newest !== place.number)
      yield { kind: "note", code: "other-link-in", fields: { database, number: place.number, newest } };
  }
}
