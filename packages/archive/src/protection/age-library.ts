/**
 * Loads the library on first use. Loading it takes longer than loading everything else: 80 ms for every
 * process and each of its threads.
 */
export function ageLibrary(): Promise<typeof import("age-encryption")> {
  return import("age-encryption");
}
