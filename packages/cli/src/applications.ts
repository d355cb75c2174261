import type { Application } from "@firebreak/mysql";

/** Returns the facts about a profile's application, or undefined for a profile without one. */
export async function applicationOf(profile: string): Promise<Application | undefined> {
  if (profile !== "wildfirechat") return undefined;
  return (await import("@firebreak/profile-wildfirechat")).chatApplication;
}
