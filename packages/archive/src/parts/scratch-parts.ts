import { sep } from "node:path";

/** The most bytes of scratch parts in memory. Those that come later go to the disk. */
const MOST_BYTES = 32 * 1024 * 1024;

/** The plaintext of small parts that only this thread needs, by the file that they would be. */
const held = new Map<string, Buffer>();
let heldBytes = 0;

/** Keeps a part in memory, if there is room for it. The bytes are not copied. */
export function holdScratch(file: string, plain: Buffer): boolean {
  // The whole buffer stays, however little of it is filled.
  const bytes = plain.buffer.byteLength;
  if (heldBytes + bytes > MOST_BYTES) return false;
  held.set(file, plain);
  heldBytes += bytes;
  return true;
}

export function scratchPart(file: string): Buffer | undefined {
  return held.size === 0 ? undefined : held.get(file);
}

/** Forgets the parts in memory that would be in a folder or below it. */
export function dropScratch(folder: string): void {
  for (const [file, plain] of held)
    if (file.startsWith(`${folder}${sep}`)) {
      held.delete(file);
      heldBytes -= plain.buffer.byteLength;
    }
}
