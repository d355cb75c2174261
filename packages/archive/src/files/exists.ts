import { stat } from "node:fs/promises";

/** Whether there is something at a path that this process may look at. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
