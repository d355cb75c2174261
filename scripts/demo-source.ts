import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { parse } from "node:path";
import type { Db } from "mongodb";
import { fillChatLog, fillCollection, mongoexportFile } from "../fixtures/src/index.ts";
import { wildfirechatMessageCount } from "./demo-wildfirechat.ts";

const seed = 1;

/** What the demo moves: a generated chat log, a WildfireChat site, or a person's own files, each of them one collection. */
export type DemoSource = PlainSource | { readonly kind: "wildfirechat"; readonly messageCount: number };

/** One database of MongoDB that becomes tables as it is. */
export type PlainSource =
  | { readonly kind: "chat log"; readonly messageCount: number }
  | { readonly kind: "files"; readonly fileOfCollection: ReadonlyMap<string, string> };

/** A way the demo was called that it cannot follow; the message says what to change. */
export class DemoUsageError extends Error {
  override readonly name = "DemoUsageError";
}

/**
 * The source for these files, a site for the word `wildfirechat`, or the chat log if there are none.
 * @throws DemoUsageError for a file that cannot be read, or whose name cannot be a collection's.
 */
export async function demoSource(
  files: readonly string[],
  messageCount: string | undefined,
): Promise<DemoSource> {
  if (files.length === 1 && files[0] === "wildfirechat")
    return {
      kind: "wildfirechat",
      messageCount: messageCount === undefined ? wildfirechatMessageCount : readMessageCount(messageCount),
    };
  if (files.length === 0) return { kind: "chat log", messageCount: readMessageCount(messageCount) };
  const fileOfCollection = new Map<string, string>();
  for (const file of files) {
    const { name, base } = parse(file);
    await access(file, constants.R_OK).catch((error: Error) => {
      throw new DemoUsageError(
        `${file} cannot be read (${error.message}). Give files that mongoexport wrote.`,
      );
    });
    if (name.includes("$") || name.startsWith("system.")) {
      throw new DemoUsageError(
        `"${name}" cannot be the name of a collection. Rename ${base}: its name becomes the collection's.`,
      );
    }
    const other = fileOfCollection.get(name);
    if (other !== undefined) {
      throw new DemoUsageError(
        `${other} and ${file} would be the same collection "${name}". Rename one of them.`,
      );
    }
    fileOfCollection.set(name, file);
  }
  return { kind: "files", fileOfCollection };
}

function readMessageCount(text = "20000"): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) {
    throw new DemoUsageError(
      `FIREBREAK_DEMO_MESSAGES is "${text}". Set it to a number of messages, for example 20000.`,
    );
  }
  return Number(text);
}

/**
 * Puts the source's documents into the database; returns how many per collection.
 * @throws MongoexportFileError for a file that is not mongoexport's, MongoBulkWriteError for a document MongoDB refuses.
 */
export async function fillSource(source: PlainSource, database: Db): Promise<ReadonlyMap<string, number>> {
  if (source.kind === "chat log") {
    const { messageCount } = source;
    return new Map(Object.entries(await fillChatLog(database, { seed, messageCount })));
  }
  const documentCounts = new Map<string, number>();
  for (const [name, file] of source.fileOfCollection) {
    documentCounts.set(name, await fillCollection(database.collection(name), mongoexportFile(file)));
  }
  return documentCounts;
}
