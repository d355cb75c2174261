/** Returns the file of one part of a range; parts are counted from 0. */
export function rangeFile(directory: string, range: number, sequence: number): string {
  const suffix = sequence === 0 ? "" : `-${String(sequence).padStart(3, "0")}`;
  return `${directory}/${numbered(range)}${suffix}.ndjson.zst`;
}

/**
 * Returns the file of one part of lines that are in no ranges; parts are counted from 0.
 *
 * @param prefix tells several sequences in one folder apart.
 */
export function sequenceFile(directory: string, sequence: number, prefix: string = ""): string {
  return `${directory}/${prefix}${numbered(sequence)}.ndjson.zst`;
}

function numbered(index: number): string {
  return String(index).padStart(5, "0");
}
