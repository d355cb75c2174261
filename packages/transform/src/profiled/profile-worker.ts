import type { ProfileWorker } from "../profile.ts";

/** Loads the profile's side in this thread, from the file that its plan names. */
export async function profileWorker(module: string): Promise<ProfileWorker> {
  const loaded = (await import(module)) as { readonly default: ProfileWorker };
  return loaded.default;
}
