import type { Application } from "@firebreak/mysql";

/** What is known of the application that a profile is about; undefined for a profile that is about none. */
export async function applicationOf(profile: string): Promise<Application | undefined> {
  if (profile !== "wildfirechat") return undefined;
  const { DECIDING_COLUMNS, sampleOf, SampledTarget } = await import("@firebreak/profile-wildfirechat");
  return {
    decidingColumns: DECIDING_COLUMNS,
    sampleOf,
    sampledRows: (zones) => new SampledTarget(zones),
  };
}
