import { Header } from "tar/header";
import { Pax } from "tar/pax";

/** The size of the blocks that make up a tar file. */
export const BLOCK_BYTES = 512;

/** The size of the end of a tar file: two blocks of zeros. */
export const END_BYTES: number = 2 * BLOCK_BYTES;

/** The first day that FAT can store, because sticks have FAT. tar warns of 1970. */
const MTIME = new Date("1980-01-01T00:00:00Z");

/**
 * Returns the bytes before a member's content: its header, and an extended one (pax) before that if the name
 * or the size has no room in the plain one. Names and sizes alone decide the bytes, so the same archive gives
 * the same volumes.
 */
export function memberHead(name: string, bytes: number): Buffer {
  const facts = {
    path: name,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: bytes,
    mtime: MTIME,
    type: "File",
    linkpath: "",
    uname: "",
    gname: "",
  } as const;
  const header = new Header(facts);
  const isTooMuch = header.encode();
  const block = header.block!;
  // The library would return a long name without folders with a folder `.` before it.
  if (!isTooMuch && new Header(block).path === name) return block;
  return Buffer.concat([new Pax({ path: name, size: bytes, mtime: MTIME }).encode(), block]);
}

/** Returns the number of zeros that fill the last block of a content. */
export function paddingBytes(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Returns the number of bytes that a member takes in a tar file. */
export function memberBytes(name: string, bytes: number): number {
  return memberHead(name, bytes).length + bytes + paddingBytes(bytes);
}
