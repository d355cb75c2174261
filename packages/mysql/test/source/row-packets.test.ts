import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowPackets, type PacketConnection } from "../../src/source/row-packets.ts";

const MOST_PAYLOAD = 0xffffff;

/** As much of a packet of the driver's as tells what it was made of. */
class Packet {
  numPackets = 1;
  readonly payload: string;

  constructor(_: number, buffer: Buffer, start: number, end: number) {
    this.payload = buffer.toString("latin1", start + 4, end);
  }
}

/** The driver's side: what comes to it as bytes, and as packets that were cut for it. */
function driver(pausesBehindLarge: boolean): {
  readonly connection: PacketConnection;
  readonly got: string[];
  isPaused: boolean;
} {
  let bytes = Buffer.alloc(0);
  const state = {
    got: [] as string[],
    isPaused: false,
    connection: {
      packetParser: {
        execute(chunk: Buffer): void {
          bytes = Buffer.concat([bytes, chunk]);
          while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUIntLE(0, 3)) {
            const end = 4 + bytes.readUIntLE(0, 3);
            state.got.push(bytes.toString("latin1", 4, end));
            bytes = bytes.subarray(end);
          }
        },
        onPacket(packet: Packet): void {
          state.got.push(packet.payload);
          state.isPaused = pausesBehindLarge;
        },
        _reusablePacket: new Packet(0, Buffer.alloc(4), 0, 4),
      },
      get _paused(): boolean {
        return state.isPaused;
      },
      pause: () => undefined,
      resume(): void {
        state.isPaused = false;
      },
    },
  };
  return state;
}

/** Payloads as a server sends them: each packet with its length and number, one that is full goes on in the next. */
function wireOf(payloads: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  for (const payload of payloads)
    for (let from = 0; ; from += MOST_PAYLOAD) {
      const piece = payload.subarray(from, from + MOST_PAYLOAD);
      const header = Buffer.alloc(4);
      header.writeUIntLE(piece.length, 0, 3);
      pieces.push(header, piece);
      if (piece.length < MOST_PAYLOAD) break;
    }
  return Buffer.concat(pieces);
}

/** Sends bytes cut at these places, letting the connection go on wherever it was paused. */
function send(wire: Buffer, cuts: readonly number[], pauses: boolean): string[] {
  const side = driver(pauses);
  const packets = new RowPackets(side.connection);
  const places = [0, ...[...cuts].sort((a, b) => a - b), wire.length];
  for (let i = 1; i < places.length; i++) {
    // A copy: what is taken whole is let go of.
    side.connection.packetParser.execute(
      Buffer.from(new Uint8Array(wire.subarray(places[i - 1], places[i]))),
    );
    for (let turns = 0; side.isPaused && turns < 100; turns++) packets.resume();
  }
  return side.got;
}

const LARGE = 512 << 10;
const sizes = [
  0,
  1,
  5,
  LARGE - 1,
  LARGE,
  LARGE + 7,
  3,
  MOST_PAYLOAD,
  2,
  0,
  MOST_PAYLOAD + 1,
  2 * MOST_PAYLOAD,
  9,
];
const payloads = sizes.map((size, i) => Buffer.alloc(size, `${i}:abc`));
const expected = payloads.map((p) => p.toString("latin1"));

/** Whether they are the same, without a difference of megabytes to be printed. */
const areSame = (found: readonly string[]): boolean =>
  found.length === expected.length && found.every((f, i) => f === expected[i]);

describe("packets of rows", () => {
  const wire = wireOf(payloads);

  test.each([false, true])(
    "come whole and in order wherever the bytes are cut (paused behind large ones: %s)",
    (pauses) => {
      fc.assert(
        fc.property(fc.array(fc.nat({ max: wire.length }), { maxLength: 40 }), (cuts) =>
          areSame(send(wire, cuts, pauses)),
        ),
        { numRuns: 15 },
      );
    },
  );

  test("come whole where their headers are cut at every byte", () => {
    const starts: number[] = [];
    for (let at = 0; at < wire.length; at += 4 + wire.readUIntLE(at, 3)) starts.push(at);
    const cuts = starts
      .flatMap((at) => [at, at + 1, at + 2, at + 3, at + 4, at + 5])
      .filter((at) => at < wire.length);
    expect(areSame(send(wire, cuts, true))).toBe(true);
  });
});
