import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { diskFault } from "@firebreak/archive";
import { Header } from "tar/header";
import { Pax } from "tar/pax";
import { bundleFault, type VolumeDamage } from "../bundle-faults.ts";
import { BLOCK_BYTES, END_BYTES, paddingBytes } from "./tar-member.ts";

const READ_BYTES = 1 << 20;

/** The greatest size of an extended header. It holds a name and a size, so a larger one is none of ours. */
const MAX_PAX_BYTES = 64 * 1024;

export interface MemberFound {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Reads one volume from its first byte to its last, member by member, and hashes it on the way. It is
 * stricter than tar: it accepts only plain files and their extended headers, zeros in all padding, and two
 * blocks of zeros at the end.
 *
 * It returns names unchecked: a caller that unpacks must check them first.
 *
 * @throws {FirebreakError} `volume-damaged`, `member-refused` (`kind`) or `disk-failed`, naming the volume.
 */
export class VolumeReader {
  readonly #name: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  readonly #block: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  #at = 0;
  #filled = 0;
  /** The unread content of the current member, and the zeros after it. */
  #contentBytes = 0;
  #paddingBytes = 0;

  private constructor(name: string, handle: FileHandle) {
    this.#name = name;
    this.#handle = handle;
  }

  /** @param name the volume's name in errors. */
  static async open(path: string, name: string): Promise<VolumeReader> {
    try {
      return new VolumeReader(name, await open(path, "r"));
    } catch (error) {
      throw diskFault(error, path);
    }
  }

  /**
   * Returns the next member, or undefined at the end of the tar file. It skips unread content of the previous
   * member.
   */
  async next(): Promise<MemberFound | undefined> {
    for await (const _ of this.content());
    await this.#zeros(this.#paddingBytes, "padding");
    this.#paddingBytes = 0;
    const first = await this.#exactly(BLOCK_BYTES);
    if (first.every((byte) => byte === 0)) {
      await this.#zeros(END_BYTES - BLOCK_BYTES, "end");
      return undefined;
    }
    let header = this.#header(first);
    let pax: Pax | undefined;
    if (header.type === "ExtendedHeader") {
      pax = await this.#pax(header);
      header = this.#header(await this.#exactly(BLOCK_BYTES));
    }
    const name = pax?.path ?? header.path ?? "";
    const bytes = pax?.size ?? header.size;
    if (header.typeKey !== "0")
      throw bundleFault("member-refused", { volume: this.#name, member: name, why: "kind" });
    if (bytes === undefined || !Number.isSafeInteger(bytes)) throw this.#damaged("head");
    this.#contentBytes = bytes;
    this.#paddingBytes = paddingBytes(bytes);
    return { name, bytes };
  }

  /** Yields the content of the current member in blocks, each valid until the next one. */
  async *content(): AsyncGenerator<Buffer> {
    while (this.#contentBytes > 0) {
      const block = await this.#some(this.#contentBytes);
      this.#contentBytes -= block.length;
      yield block;
    }
  }

  /** Proves, after the last member, that only zeros follow, and returns the SHA-256 of the whole file. */
  async end(): Promise<string> {
    while (await this.#fill()) if (!isZero(await this.#some(READ_BYTES))) throw this.#damaged("end");
    return this.#hash.digest("hex");
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #header(block: Buffer): Header {
    const header = new Header(block);
    if (!header.cksumValid) throw this.#damaged("head");
    return header;
  }

  async #pax({ path, size }: Header): Promise<Pax> {
    if (size === undefined || size > MAX_PAX_BYTES)
      throw bundleFault("member-refused", { volume: this.#name, member: path ?? "", why: "kind" });
    const text = (await this.#exactly(size)).toString("utf8");
    await this.#zeros(paddingBytes(size), "padding");
    return Pax.parse(text, undefined, false);
  }

  /** Returns a copy of exactly this many bytes. */
  async #exactly(bytes: number): Promise<Buffer> {
    const blocks: Buffer[] = [];
    for (let left = bytes; left > 0;) {
      const block = await this.#some(left);
      blocks.push(Buffer.from(block));
      left -= block.length;
    }
    return Buffer.concat(blocks);
  }

  async #zeros(bytes: number, what: VolumeDamage): Promise<void> {
    if (!isZero(await this.#exactly(bytes))) throw this.#damaged(what);
  }

  /** Returns at most this many bytes, and at least one: a view, valid until the next call. */
  async #some(bytes: number): Promise<Buffer> {
    if (!(await this.#fill())) throw this.#damaged("cut-off");
    const from = this.#at;
    this.#at = Math.min(this.#filled, from + bytes);
    return this.#block.subarray(from, this.#at);
  }

  /** Reads the next block when the last one is used up. Returns false at the end of the file. */
  async #fill(): Promise<boolean> {
    if (this.#at < this.#filled) return true;
    const { bytesRead } = await this.#handle.read(this.#block, 0, READ_BYTES).catch((error: unknown) => {
      throw diskFault(error, this.#name);
    });
    this.#hash.update(this.#block.subarray(0, bytesRead));
    this.#at = 0;
    this.#filled = bytesRead;
    return bytesRead > 0;
  }

  #damaged(what: VolumeDamage): Error {
    return bundleFault("volume-damaged", { volume: this.#name, what });
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
