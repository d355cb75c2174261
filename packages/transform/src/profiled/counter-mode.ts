import { createDecipheriv } from "node:crypto";

const BLOCK_BYTES = 16;

/** Returns AES's counter for a block of a run. No two blocks of a transform share a counter. */
export function counterAt(number: number, block: number): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt(number), 0);
  counter.writeBigUInt64BE(BigInt(block), 8);
  return counter;
}

/** Decrypts the bytes at position `at` of a run, without the bytes before it. */
export function decryptAt(bytes: Buffer, at: number, number: number, secret: Uint8Array): Buffer {
  const block = Math.floor(at / BLOCK_BYTES);
  const decipher = createDecipheriv("aes-256-ctr", secret, counterAt(number, block));
  decipher.update(Buffer.alloc(at - block * BLOCK_BYTES));
  return decipher.update(bytes);
}
