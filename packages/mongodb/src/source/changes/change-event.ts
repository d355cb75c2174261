import { asSent } from "../../driver/as-sent.ts";
import { BSON, type Timestamp } from "mongodb";
import { documentOfElements, elementOf } from "../../driver/bson-map.ts";
import { clusterTimeOf, type ClusterTime } from "../cluster-time.ts";

/** A change of one document, or of a whole collection or database. */
export interface ChangeEvent {
  /** `operationType` in the manual's "Change Events". */
  readonly type: string;
  readonly time: ClusterTime;
  readonly database: string;
  /** The collection's name. Missing if the event concerns the whole database. */
  readonly collection: string | undefined;
  /** The new name, if the event is a rename. */
  readonly to: { readonly database: string; readonly collection: string } | undefined;
  /** `{_id: …}` of the document, byte for byte. Missing if the event does not concern one document. */
  readonly key: Buffer | undefined;
}

interface Head {
  readonly operationType: string;
  readonly clusterTime: Timestamp;
  readonly ns?: { readonly db: string; readonly coll?: string };
  readonly to?: { readonly db: string; readonly coll: string };
}

/** Parses an event as the stream sent it. */
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

/** Decodes everything but the key: the driver could change a key when it turns it into objects. */
function headOf(bytes: Buffer): Head {
  const elements: Buffer[] = [];
  for (const [, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(bytes))
    if (!IS_BYTES.has(bytes.toString("latin1", nameAt, nameAt + nameLength)))
      elements.push(bytes.subarray(nameAt - 1, offset + length));
  return asSent(BSON.deserialize(documentOfElements(elements), { promoteValues: true }));
}

const IS_BYTES: ReadonlySet<string> = new Set(["documentKey", "_id"]);

/** Returns only the `_id`: in a sharded collection the event's key also has the fields of the shard key. */
function keyOf(bytes: Buffer): Buffer | undefined {
  const key = elementOf(bytes, "documentKey");
  const id = key === undefined ? undefined : elementOf(key.value, "_id");
  return id === undefined ? undefined : documentOfElements([id.bytes]);
}
