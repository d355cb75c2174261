import { Double, Int32, Long, type Document } from "mongodb";
import { NumberSet } from "@firebreak/items";
import { explainMongodb, type Namespace } from "@firebreak/mongodb";
import type { DocumentReader, Sampling } from "../time/sample.ts";
import { BUCKETS, bucketOf, chooseBuckets } from "./choose-buckets.ts";
import type { DocumentGroups, GroupRole } from "@firebreak/profile";

/** Documents are fetched by so many keys at once. */
const FETCHED = 1000;

/** The most members of groups in a sample. Their keys are in memory while references are read. */
const MOST_MEMBERS = 1 << 24;

/** Fields keep their BSON types, and text that is no UTF-8 ends nothing. */
const READING = { promoteValues: false, enableUtf8Validation: false } as const;

/**
 * Chooses whole groups until they have a part of all members, and takes their members and the documents that refer
 * to these. It reads the fields that name a group of every member, and the references of every document that has one.
 *
 * @param others chooses the documents of collections that are in no group.
 * @param part above 0 and below 1.
 * @throws {FirebreakError} any error of mongodb.
 */
export async function wholeGroups(others: Sampling, groups: DocumentGroups, part: number): Promise<Sampling> {
  const sample = new GroupSample(others.reader, groups);
  // References are read when all members are known.
  const rank = (ns: Namespace): number => (sample.roleOf(ns)?.kind === "reference" ? 1 : 0);
  const namespaces = others.namespaces.toSorted((a, b) => rank(a) - rank(b));
  await sample.choose(namespaces, part);
  const read = (ns: Namespace): AsyncIterable<Buffer> => {
    const role = sample.roleOf(ns);
    return role === undefined ? others.read(ns) : sample.read(ns, role);
  };
  return { ...others, namespaces, read };
}

class GroupSample {
  readonly #reader: DocumentReader;
  readonly #groups: DocumentGroups;
  /** The chosen buckets of each database, and the keys of the members that were read. */
  readonly #chosen = new Map<string, { readonly buckets: ReadonlySet<number>; readonly keys: NumberSet }>();

  constructor(reader: DocumentReader, groups: DocumentGroups) {
    this.#reader = reader;
    this.#groups = groups;
  }

  async choose(namespaces: readonly Namespace[], part: number): Promise<void> {
    const counts = new Map<string, number[]>();
    for (const ns of namespaces) {
      const role = this.roleOf(ns);
      if (role?.kind !== "member") continue;
      const ofDatabase = counts.get(ns.database) ?? Array.from({ length: BUCKETS }, () => 0);
      counts.set(ns.database, ofDatabase);
      for await (const document of this.#fields(ns, role.groupedBy))
        ofDatabase[bucketIn(document, role)]! += 1;
    }
    for (const [database, ofDatabase] of counts) {
      const total = ofDatabase.reduce((sum, count) => sum + count, 0);
      const wanted = Math.min(MOST_MEMBERS, Math.ceil(total * part));
      this.#chosen.set(database, { buckets: chooseBuckets(ofDatabase, wanted), keys: new NumberSet() });
    }
  }

  roleOf({ kind, collection }: Namespace): GroupRole | undefined {
    return kind === "collection" ? this.#groups.roleOf(collection) : undefined;
  }

  async *read(ns: Namespace, role: GroupRole): AsyncGenerator<Buffer> {
    let ids: unknown[] = [];
    const fetched = (): AsyncIterable<Buffer> => this.#reader.read(ns, { _id: { $in: ids } }, {});
    const fields = role.kind === "member" ? [role.key, ...role.groupedBy] : [role.field];
    for await (const document of this.#fields(ns, ["_id", ...fields])) {
      if (!this.#takes(ns, role, document)) continue;
      ids.push(document["_id"]);
      if (ids.length < FETCHED) continue;
      yield* fetched();
      ids = [];
    }
    if (ids.length > 0) yield* fetched();
  }

  /** Returns true if a document is in the sample. The key of a member is noted for the references to it. */
  #takes({ database }: Namespace, role: GroupRole, document: Document): boolean {
    const chosen = this.#chosen.get(database);
    if (role.kind === "reference") {
      const key = integerOf(document[role.field]);
      return key !== undefined && chosen?.keys.has(key) === true;
    }
    if (chosen?.buckets.has(bucketIn(document, role)) !== true) return false;
    const key = integerOf(document[role.key]);
    if (key !== undefined) chosen.keys.add(key);
    return true;
  }

  async *#fields(ns: Namespace, names: readonly string[]): AsyncGenerator<Document> {
    const projection = { _id: 0, ...Object.fromEntries(names.map((name) => [name, 1])) };
    const { client, server } = this.#reader.source;
    try {
      yield* client
        .db(ns.database)
        .collection(ns.storedIn)
        .find({}, { projection, ...READING });
    } catch (error) {
      throw explainMongodb(error, server, ns.namespace);
    }
  }
}

function bucketIn(document: Document, { groupedBy }: Extract<GroupRole, { kind: "member" }>): number {
  return bucketOf(groupedBy.map((name): unknown => document[name]));
}

/** Returns the integer in an Int32, an Int64 or a Double. Undefined for anything else. */
function integerOf(value: unknown): bigint | undefined {
  return value instanceof Int32 || value instanceof Double || value instanceof Long
    ? integerIn(String(value))
    : undefined;
}

function integerIn(text: string): bigint | undefined {
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}
