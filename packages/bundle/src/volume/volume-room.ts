import type { ArchiveFile } from "@firebreak/archive";
import { labelFiles, labelGrowth } from "../label-files.ts";
import { MAX_VOLUMES, type LabelHead, type LabelMember } from "../label.ts";
import { BLOCK_BYTES, END_BYTES, memberBytes, memberHead } from "./tar-member.ts";

/** The smallest piece of a file. A smaller one would cost more in names than it holds. */
const SMALLEST_PIECE_BYTES = 64 * 1024;

const ANY_SHA256 = "0".repeat(64);

/**
 * Counts the room left in a volume during planning. The volume's label names each member, and grows with
 * them.
 */
export class VolumeRoom {
  readonly #limitBytes: number;
  readonly #names: { readonly text: string; readonly json: string; readonly sums: string };
  #label: { text: number; json: number; sums: number };
  #contentBytes = END_BYTES;

  constructor(head: LabelHead, limitBytes: number) {
    const [text, json, sums] = labelFiles(head, []);
    this.#limitBytes = limitBytes;
    this.#names = { text: text!.name, json: json!.name, sums: sums!.name };
    this.#label = {
      text: Buffer.byteLength(text!.content),
      json: Buffer.byteLength(json!.content),
      sums: Buffer.byteLength(sums!.content),
    };
  }

  fits(name: string, bytes: number): boolean {
    return this.#bytesWith(wholeFile(name, bytes)) + memberBytes(name, bytes) <= this.#limitBytes;
  }

  take(name: string, bytes: number): void {
    this.#take(wholeFile(name, bytes));
  }

  /** Returns the greatest length of a piece of the file, in whole blocks; 0 if a piece would be too small. */
  forPiece(name: string, file: ArchiveFile): number {
    const without =
      this.#bytesWith(pieceOf(name, file, file.entry.bytes)) + memberHead(name, file.entry.bytes).length;
    const bytes = Math.floor((this.#limitBytes - without) / BLOCK_BYTES) * BLOCK_BYTES;
    return bytes < SMALLEST_PIECE_BYTES ? 0 : bytes;
  }

  takePiece(name: string, file: ArchiveFile, bytes: number): void {
    this.#take(pieceOf(name, file, bytes));
  }

  #take(member: LabelMember): void {
    const growth = labelGrowth(member);
    this.#label.text += growth.text;
    this.#label.json += growth.json;
    this.#label.sums += growth.sums;
    this.#contentBytes += memberBytes(member.name, member.bytes);
  }

  /** Returns the bytes of the volume if its label named this member too, without the member's content. */
  #bytesWith(member: LabelMember): number {
    const growth = labelGrowth(member);
    const { text, json, sums } = this.#label;
    return (
      this.#contentBytes +
      memberBytes(this.#names.text, text + growth.text) +
      memberBytes(this.#names.json, json + growth.json) +
      memberBytes(this.#names.sums, sums + growth.sums)
    );
  }
}

function wholeFile(name: string, bytes: number): LabelMember {
  return { name, bytes, sha256: ANY_SHA256 };
}

/** Returns a piece's entry with the widest possible numbers. */
function pieceOf(name: string, file: ArchiveFile, bytes: number): LabelMember {
  return {
    name,
    bytes,
    sha256: ANY_SHA256,
    piece: {
      file: file.name,
      number: MAX_VOLUMES,
      count: MAX_VOLUMES,
      offset: file.entry.bytes,
      fileBytes: file.entry.bytes,
      fileSha256: ANY_SHA256,
    },
  };
}
