const HEADER_BYTES = 4;
/** The length of a payload that continues in the next packet (MySQL Internals: MySQL Packets). */
const MOST_PAYLOAD = 0xffffff;
/**
 * The minimum size of a large row: twice the size at which `RowReader` pauses, so that it pauses
 * after each.
 */
const LARGE_BYTES = 512 << 10;
/**
 * Buffer sizes for a row of one packet, and for most rows of several. Memory never written to costs
 * nothing.
 */
const ROOM_BYTES = [MOST_PAYLOAD + HEADER_BYTES, 64 << 20] as const;

/** The part of the driver's packet that is used here. */
interface Packet {
  numPackets: number;
}

/** The part of the driver's connection that is used here, in version 3.24.6, which package.json pins. */
export interface PacketConnection {
  packetParser: DriverParser | Pick<DriverParser, "execute">;
  readonly _paused: boolean;
  pause(): void;
  resume(): void;
}

interface DriverParser {
  execute(chunk: Buffer): unknown;
  readonly onPacket: (packet: Packet) => void;
  readonly _reusablePacket: {
    readonly constructor: new (sequenceId: number, buffer: Buffer, start: number, end: number) => Packet;
  };
}

/**
 * Sits between a connection's socket and the driver's packet parser, and cuts out large rows
 * itself. The driver copies such a row three times and leaves each copy to the garbage collector:
 * half a gigabyte for 60 MB. This class reuses one buffer for all large rows, so the cells of such
 * a row are valid only until the connection resumes.
 */
export class RowPackets {
  readonly #connection: PacketConnection;
  readonly #driver: DriverParser;
  /** The chunks that arrived while the connection was paused, in order. */
  #waiting: Buffer[] = [];
  /** The buffer of the large row, with room for a header in front. */
  #row: Buffer<ArrayBuffer> = Buffer.from(new ArrayBuffer(0));
  /** The number of bytes of it that have arrived; 0 while none is arriving. */
  #filled = 0;
  #packetCount = 0;
  #sequenceId = 0;
  /** The header that is arriving. */
  readonly #header: Buffer = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  /** The number of bytes of the packet that have not arrived. */
  #missing = 0;
  #isLast = true;

  /** Takes over an idle connection. */
  constructor(connection: PacketConnection) {
    this.#connection = connection;
    const driver = connection.packetParser;
    if (!("onPacket" in driver))
      throw new Error("The connection already passes its packets to something else");
    this.#driver = driver;
    connection.packetParser = { execute: (chunk) => this.#take(chunk) };
  }

  /** Resumes a paused connection. */
  resume(): void {
    this.#connection.resume();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const chunk of waiting) this.#take(chunk);
  }

  #take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#connection._paused) {
        this.#waiting.push(chunk.subarray(at));
        return;
      }
      at = this.#filled > 0 && this.#missing > 0 ? this.#fill(chunk, at) : this.#forward(chunk, at);
    }
  }

  /** Passes small packets on to the driver, up to a large one. Returns the position where it stopped. */
  #forward(chunk: Buffer, from: number): number {
    let at = from;
    for (;;) {
      const rest = Math.min(this.#missing, chunk.length - at);
      this.#missing -= rest;
      at += rest;
      if (at === chunk.length) break;
      const headerFrom = at;
      const isWhole = this.#headerBytes === 0 && chunk.length - at >= HEADER_BYTES;
      while (this.#headerBytes < HEADER_BYTES && at < chunk.length)
        this.#header[this.#headerBytes++] = chunk[at++]!;
      if (this.#headerBytes < HEADER_BYTES || !isWhole || this.#isLargeNext()) {
        if (headerFrom > from) this.#driver.execute(chunk.subarray(from, headerFrom));
        if (this.#headerBytes === HEADER_BYTES) this.#begin();
        return at;
      }
      this.#headerBytes = 0;
      this.#missing = this.#header.readUIntLE(0, 3);
    }
    this.#driver.execute(from === 0 ? chunk : chunk.subarray(from));
    return at;
  }

  #isLargeNext(): boolean {
    return this.#filled > 0 || this.#header.readUIntLE(0, 3) >= LARGE_BYTES;
  }

  /** Begins a packet that is large or whose header arrived in pieces. */
  #begin(): void {
    const length = this.#header.readUIntLE(0, 3);
    this.#headerBytes = 0;
    this.#missing = length;
    if (this.#filled === 0 && length < LARGE_BYTES) {
      this.#driver.execute(Buffer.from(this.#header));
      return;
    }
    if (this.#filled === 0) {
      this.#filled = HEADER_BYTES;
      this.#packetCount = 0;
      this.#sequenceId = this.#header[3]!;
    }
    this.#packetCount++;
    this.#isLast = length < MOST_PAYLOAD;
    this.#reserve(this.#filled + length);
    if (length === 0) this.#finish();
  }

  #fill(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#missing);
    chunk.copy(this.#row, this.#filled, at, end);
    this.#filled += end - at;
    this.#missing -= end - at;
    if (at === 0 && end === chunk.length) free(chunk);
    if (this.#missing === 0) this.#finish();
    return end;
  }

  #finish(): void {
    if (!this.#isLast) return;
    const Packet = this.#driver._reusablePacket.constructor;
    const packet = new Packet(this.#sequenceId, this.#row, 0, this.#filled);
    packet.numPackets = this.#packetCount;
    this.#filled = 0;
    this.#driver.onPacket(packet);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#row.length) return;
    const room = ROOM_BYTES.find((r) => r >= bytes) ?? Math.max(bytes, this.#row.length * 2);
    this.#row = Buffer.from(this.#row.buffer.transfer(room));
  }
}

/**
 * Frees a chunk that the socket read. Nobody else uses it, and the garbage collector would free it
 * only a hundred megabytes later.
 */
function free(chunk: Buffer): void {
  const { buffer, byteOffset, length } = chunk;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && length === buffer.byteLength) buffer.transfer(0);
}
