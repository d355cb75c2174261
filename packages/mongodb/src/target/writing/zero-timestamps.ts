import { BSON, Timestamp } from "mongodb";
import { fieldOf } from "../../driver/bson-map.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { Namespace } from "../../driver/namespaces.ts";
import { runWrite } from "./write-documents.ts";

const TIMESTAMP = 0x11;
const ZERO = Buffer.alloc(8);

/** A document that an insert changes, and the changed fields. */
export interface ZeroTimestamps {
  readonly id: unknown;
  readonly fields: readonly string[];
}

/** Returns the top-level fields except `_id` that are Timestamp(0, 0). Undefined if there is none. */
export function zeroTimestampsOf(document: Buffer): ZeroTimestamps | undefined {
  const fields: string[] = [];
  for (const [type, nameOffset, nameLength, offset] of BSON.onDemand.parseToElements(document)) {
    if (type !== TIMESTAMP || !document.subarray(offset, offset + 8).equals(ZERO)) continue;
    const name = document.toString("utf8", nameOffset, nameOffset + nameLength);
    if (name !== "_id") fields.push(name);
  }
  return fields.length === 0 ? undefined : { id: fieldOf(document, "_id"), fields };
}

/** Returns a document in which those of `fields` that are timestamps are Timestamp(0, 0). */
export function withoutTimestamps(document: Buffer, fields: readonly string[]): Buffer {
  const changed = Buffer.from(document);
  for (const [type, nameOffset, nameLength, offset] of BSON.onDemand.parseToElements(document))
    if (type === TIMESTAMP && fields.includes(document.toString("utf8", nameOffset, nameOffset + nameLength)))
      ZERO.copy(changed, offset);
  return changed;
}

/**
 * Sets fields back to Timestamp(0, 0).
 *
 * An insert replaces such a value at the top level of a document with the server's time (manual, "BSON
 * Types", Timestamps). An update with `$set` leaves it (tried, 6.0.5). No update can name a field with a dot
 * or a dollar in its name; such a field stays changed, and the proof finds it.
 */
export async function restoreZeroTimestamps(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  documents: readonly ZeroTimestamps[],
): Promise<void> {
  const updates = documents.flatMap(({ id, fields }) => {
    const sayable = fields.filter((name) => name !== "" && !name.includes(".") && !name.startsWith("$"));
    const zeros = new Map(sayable.map((name) => [name, new Timestamp({ t: 0, i: 0 })]));
    return zeros.size === 0 ? [] : [{ q: { _id: { $eq: id } }, u: { $set: zeros } }];
  });
  if (updates.length > 0)
    await runWrite(target, ns, { update: ns.storedIn, updates, bypassDocumentValidation: true });
}
