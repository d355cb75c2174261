/** Returns the file of one part of a range; parts are counted from 0. */
export function rangeFile(directory: string, range: number, sequence: number): string {
  const number = String(range).padStart(5, "0");
  const suffix = sequence === 0 ? "" : `-${String(sequence).padStart(3, "0")}`;
  return `${directory}/${number}${suffix}.ndjson.zst`;
}
