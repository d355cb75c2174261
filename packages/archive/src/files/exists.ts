import { stat } from "node:fs/promises";

/** Returns true if a path exists and this process may look at it. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
