import { once } from "node:events";
import { connect } from "node:net";
import { BSON, Int32 } from "bson";
import { documentBytes } from "./document-bytes.ts";

const OP_MSG = 2013;
const DOCUMENT_SEQUENCE = 1;

/**
 * Inserts documents given as bytes, which no driver does: it would refuse or
 * mend what is not valid UTF-8, has a name twice, or JavaScript cannot say.
 * Speaks OP_MSG (MongoDB Wire Protocol) itself; the server has no authentication.
 */
export async function insertBytes(
  url: string,
  database: string,
  collection: string,
  documents: readonly Buffer[],
): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, "connect");
    socket.write(message(database, collection, documents));
    const reply = await readReply(socket);
    if (reply["ok"] !== 1 || reply["writeErrors"] !== undefined)
      throw new Error(`${database}.${collection}: ${JSON.stringify(reply)}`);
  } finally {
    socket.destroy();
  }
}

function message(database: string, collection: string, documents: readonly Buffer[]): Buffer {
  const body = documentBytes([
    ["insert", collection],
    ["$db", database],
    ["ordered", true],
    ["writeConcern", { w: new Int32(1) }],
  ]);
  const sequence = Buffer.concat([Buffer.from("documents\0"), ...documents]);
  const head = Buffer.alloc(20);
  const sequenceHead = Buffer.alloc(5);
  sequenceHead[0] = DOCUMENT_SEQUENCE;
  sequenceHead.writeInt32LE(sequence.length + 4, 1);
  // After the flags one byte says that a body follows.
  const whole = Buffer.concat([head, Buffer.alloc(1), body, sequenceHead, sequence]);
  whole.writeInt32LE(whole.length, 0);
  whole.writeInt32LE(1, 4);
  whole.writeInt32LE(OP_MSG, 12);
  return whole;
}

async function readReply(socket: AsyncIterable<Buffer>): Promise<Record<string, unknown>> {
  let read: Buffer = Buffer.alloc(0);
  for await (const block of socket) {
    read = Buffer.concat([read, block]);
    if (read.length >= 4 && read.length >= read.readInt32LE(0)) return BSON.deserialize(read.subarray(21));
  }
  throw new Error("the server closed the connection without a reply");
}
