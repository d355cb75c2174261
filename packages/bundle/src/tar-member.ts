import { Header } from "tar/header";
import { Pax } from "tar/pax";

/** A tar file is made of blocks of this many bytes. */
export const BLOCK_BYTES = 512;

/** Two blocks of zeros end a tar file. */
export const END_BYTES: number = 2 * BLOCK_BYTES;

/** Not 1970, which tar warns of, but the first day that FAT can say: sticks have FAT. */
const MTIME = new Date("1980-01-01T00:00:00Z");

/**
 * What stands before a member's content: its header, and an extended one (pax)
 * before that where the name or the size has no room in the plain one. Names
 * and sizes alone decide the bytes, so the same archive gives the same volumes.
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
  // A long name without folders would come back with a folder `.` of the library's.
  if (!isTooMuch && new Header(block).path === name) return block;
  return Buffer.concat([new Pax({ path: name, size: bytes, mtime: MTIME }).encode(), block]);
}

/** Zeros that fill the last block of a content. */
export function paddingBytes(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** All that a member takes in a tar file. */
export function memberBytes(name: string, bytes: number): number {
  return memberHead(name, bytes).length + bytes + paddingBytes(bytes);
}
