import { BSON, Timestamp } from "mongodb";
import { fieldOf } from "./bson-map.ts";
import type { MongodbSource } from "./connect.ts";
import type { Namespace } from "./namespaces.ts";
import { runWrite } from "./write-documents.ts";

const TIMESTAMP = 0x11;
const ZERO = Buffer.alloc(8);

/** A document that an insert changes, and the fields in which it does. */
export interface ZeroTimestamps {
  readonly id: unknown;
  readonly fields: readonly string[];
}

/** The top-level fields of a document, but its `_id`, that are Timestamp(0, 0); undefined where there is none. */
export function zeroTimestampsOf(document: Buffer): ZeroTimestamps | undefined {
  const fields: string[] = [];
  for (const [type, nameOffset, nameLength, offset] of BSON.onDemand.parseToElements(document)) {
    if (type !== TIMESTAMP || !document.subarray(offset, offset + 8).equals(ZERO)) continue;
    const name = document.toString("utf8", nameOffset, nameOffset + nameLength);
    if (name !== "_id") fields.push(name);
  }
  return fields.length === 0 ? undefined : { id: fieldOf(document, "_id"), fields };
}

/** A document as it would be with Timestamp(0, 0) in those of these fields that are timestamps. */
export function withoutTimestamps(document: Buffer, fields: readonly string[]): Buffer {
  const changed = Buffer.from(document);
  for (const [type, nameOffset, nameLength, offset] of BSON.onDemand.parseToElements(document))
    if (type === TIMESTAMP && fields.includes(document.toString("utf8", nameOffset, nameOffset + nameLength)))
      ZERO.copy(changed, offset);
  return changed;
}

/**
 * Sets fields back to Timestamp(0, 0): an insert puts the time of the server in
 * the place of one at the top level of a document (manual, "BSON Types", Timestamps);
 * an update with `$set` leaves it (tried, 6.0.5). A field whose name no update
 * can say, with a dot or a dollar in it, stays changed, and the proof finds it.
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
