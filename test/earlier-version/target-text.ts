/**
 * The text of a target's tables or collections, without what differs between two loads: when they were, and the names of the
 * files in load quarantine, which have the server's address and a random number. MySQL also shows a character set that a statement named and not one
 * that it inferred.
 */
export function targetText(text: string): string {
  return text
    .replaceAll(/(?<='[0-9a-f]{64}', )'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}'/g, "TIME")
    .replaceAll(/(?<="loadedAt":)\{"\$date":\{"\$numberLong":"\d+"\}\}/g, "TIME")
    .replaceAll(/ CHARACTER SET utf8mb4(?= COLLATE)/g, "")
    .replaceAll(/127\.0\.0\.1%3a\d+/g, "SERVER")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\.ndjson)/g, "RANDOM");
}
