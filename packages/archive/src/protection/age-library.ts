/**
 * The library, for whoever has something to encrypt: loading it takes longer
 * than loading all else, 80 ms for every process and each of its threads.
 */
export function ageLibrary(): Promise<typeof import("age-encryption")> {
  return import("age-encryption");
}
