import { createDecipheriv } from "node:crypto";

const BLOCK_BYTES = 16;

/** Where AES's counter stands at a block of a run: no two blocks of a transform have one place. */
export function counterAt(number: number, block: number): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt(number), 0);
  counter.writeBigUInt64BE(BigInt(block), 8);
  return counter;
}

/** Decrypts what stands at `at` in a run, without what is before it. */
export function decryptAt(bytes: Buffer, at: number, number: number, secret: Uint8Array): Buffer {
  const block = Math.floor(at / BLOCK_BYTES);
  const decipher = createDecipheriv("aes-256-ctr", secret, counterAt(number, block));
  decipher.update(Buffer.alloc(at - block * BLOCK_BYTES));
  return decipher.update(bytes);
}
