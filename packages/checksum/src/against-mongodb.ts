import { readSourceManifest, type Account, type SourceNamespace, type StepEvent } from "@firebreak/archive";
import {
  compareBuckets,
  connectMongodb,
  documentDifferences,
  explainMongodb,
  listDatabase,
  type ComparedCollection,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import { DifferencesFile } from "./differences-file.ts";
import { DifferencesTally, type DifferencesEvent } from "./differences-tally.ts";
import type { ReportedDifference } from "./reported-difference.ts";

export interface AgainstMongodbOptions {
  readonly archive: string;
  readonly url: string;
  /** Folder that the differences are written to. */
  readonly work: string;
  /** Of the person, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}

/** How values of documents are told: as canonical Extended JSON. */
const TYPE = "json";

/**
 * Compares the archive's documents, byte by byte, with those of a live MongoDB:
 * equal, or which are missing, extra or changed, by their `_id`. It only reads.
 * Views have no documents; collections that the archive has not are not looked at.
 *
 * @throws {FirebreakError} of mongodb or archive.
 */
export async function* checksumAgainstMongodb(
  options: AgainstMongodbOptions,
): AsyncGenerator<StepEvent | DifferencesEvent> {
  const { manifest } = await readSourceManifest(options.archive, options.identities);
  const target = await connectMongodb(options.url);
  const file = new DifferencesFile(options.work);
  const accounts: Account[] = [];
  const namespaces = manifest.namespaces.filter((n) => n.kind !== "view");
  const totalItems = namespaces.reduce((sum, n) => sum + n.lineCount, 0);
  let items = 0;
  try {
    for (const source of namespaces) {
      const namespace = await inTarget(target, source);
      if (namespace === undefined)
        yield { kind: "note", code: "collection-missing", fields: { namespace: nameIn(target, source) } };
      const collection =
        namespace === undefined ? undefined : { archive: options, parts: source.parts, target, namespace };
      const compared = collection === undefined ? undefined : await compareBuckets(collection);
      items += source.lineCount;
      yield { kind: "progress", stage: "checksum", items, bytes: 0, totalItems };
      if (collection !== undefined && compared !== undefined && compared.differing.size > 0)
        yield* reportDocuments(collection, compared.differing, source, file);
      accounts.push({
        namespace: source.namespace,
        ...(namespace === undefined || namespace.namespace === source.namespace
          ? {}
          : { target: namespace.namespace }),
        lines: source.lineCount,
        digested: compared?.found ?? 0,
        equal: compared?.differing.size === 0,
      });
    }
    yield* file.seal();
    yield { kind: "account", accounts };
  } catch (error) {
    throw explainMongodb(error, target.server);
  } finally {
    await file.abandon();
    await target.client.close();
  }
}

async function* reportDocuments(
  collection: ComparedCollection,
  buckets: ReadonlyMap<number, number>,
  { namespace }: SourceNamespace,
  file: DifferencesFile,
): AsyncGenerator<StepEvent | DifferencesEvent> {
  const tally = new DifferencesTally(namespace, [{ name: "_id", type: TYPE }], file);
  for await (const difference of documentDifferences(collection, buckets)) {
    const columns = difference.kind === "changed" ? difference.fields : [];
    const reported: ReportedDifference = {
      table: namespace,
      kind: difference.kind,
      key: [difference.id],
      columns: columns.map((field) => ({ ...field, type: TYPE })),
    };
    yield* tally.add(reported);
  }
  yield* tally.end();
}

/** The collection that stands for one of the archive; undefined where there is none of its kind. */
async function inTarget(target: MongodbSource, source: SourceNamespace): Promise<Namespace | undefined> {
  const name = nameIn(target, source);
  const [found] = await listDatabase(target, target.database ?? source.database, (n) => n === name);
  return found?.kind === "view" ? undefined : found;
}

function nameIn(target: MongodbSource, { database, collection }: SourceNamespace): string {
  return `${target.database ?? database}.${collection}`;
}
