/** The approximate number of bytes around a value in a line, by its form, and of a binary NULL. */
export const VALUE_BYTES = { wrapped: 30, quoted: 3, binary: 46, null: 4 } as const;

/** Returns the number of bytes that the names of columns take in a line. */
export function namesBytes(columns: readonly { readonly name: string }[]): number {
  return columns.reduce((sum, { name }) => sum + Buffer.byteLength(name) + 4, 2);
}
