import { BSON, type Timestamp } from "mongodb";
import { clusterTimeOf, type ClusterTime } from "./cluster-time.ts";

/** What happened to one document, or to a collection or database as a whole. */
export interface ChangeEvent {
  /** `operationType` of the manual's "Change Events". */
  readonly type: string;
  readonly time: ClusterTime;
  readonly database: string;
  /** Missing where all of a database is meant. */
  readonly collection: string | undefined;
  /** Of a rename: the new name. */
  readonly to: { readonly database: string; readonly collection: string } | undefined;
  /** `{_id: …}` of the document, byte for byte; missing where it is not one document's event. */
  readonly key: Buffer | undefined;
}

interface Head {
  readonly operationType: string;
  readonly clusterTime: Timestamp;
  readonly ns?: { readonly db: string; readonly coll?: string };
  readonly to?: { readonly db: string; readonly coll: string };
}

/** An event as the stream sent it. */
export function changeEventOf(bytes: Buffer): ChangeEvent {
  const { operationType, clusterTime, ns, to } = headOf(bytes);
  return {
    type: operationType,
    time: clusterTimeOf(clusterTime.getHighBitsUnsigned(), clusterTime.getLowBitsUnsigned()),
    database: ns?.db ?? "",
    collection: ns?.coll,
    to: to === undefined ? undefined : { database: to.db, collection: to.coll },
    key: keyOf(bytes),
  };
}

/** All but the key, which the driver could change on the way through objects. */
function headOf(bytes: Buffer): Head {
  const elements: Buffer[] = [];
  for (const [, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(bytes))
    if (!IS_BYTES.has(bytes.toString("latin1", nameAt, nameAt + nameLength)))
      elements.push(bytes.subarray(nameAt - 1, offset + length));
  return BSON.deserialize(documentOfElements(elements), { promoteValues: true }) as Head;
}

const IS_BYTES: ReadonlySet<string> = new Set(["documentKey", "_id"]);

/** Of a sharded collection the key has the fields of the shard key besides. */
function keyOf(bytes: Buffer): Buffer | undefined {
  const key = fieldBytes(bytes, "documentKey");
  if (key === undefined) return undefined;
  for (const [, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(key))
    if (key.toString("latin1", nameAt, nameAt + nameLength) === "_id")
      return documentOfElements([key.subarray(nameAt - 1, offset + length)]);
  return undefined;
}

function fieldBytes(bytes: Buffer, field: string): Buffer | undefined {
  for (const [, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(bytes))
    if (bytes.toString("latin1", nameAt, nameAt + nameLength) === field)
      return bytes.subarray(offset, offset + length);
  return undefined;
}

function documentOfElements(elements: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32LE(elements.reduce((sum, element) => sum + element.length, 5));
  return Buffer.concat([length, ...elements, Buffer.alloc(1)]);
}
