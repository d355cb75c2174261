import type { MysqlManifest, DatabaseKind } from "@firebreak/archive";
import { transformFault } from "../transform-faults.ts";
import { madeChain } from "./made-chain.ts";

/** The settings by which the links before a delta were transformed. */
export type ChainProfile = Pick<MysqlManifest, "profile" | "profileFacts" | "target">;

export interface ChainProfileOptions {
  /** The folder of the delta. */
  readonly archive: string;
  readonly to: DatabaseKind;
  readonly previous?: string | undefined;
  readonly identities?: readonly string[] | undefined;
  /** The profile that the person asks for, if any. */
  readonly profile?: string | undefined;
}

/**
 * Returns the settings by which the links before a delta were transformed. They apply to the delta too.
 *
 * @throws {FirebreakError} `delta-profile` if another profile is asked for, `link-not-made`,
 * `chain-link-missing`, or a fault of archive.
 */
export async function chainProfile({
  archive,
  to,
  previous,
  identities = [],
  profile,
}: ChainProfileOptions): Promise<ChainProfile> {
  const { links } = await madeChain(to, archive, previous, identities);
  const last: ChainProfile = links.at(-1)!.manifest;
  if (profile !== undefined && profile !== last.profile)
    throw transformFault("delta-profile", { archive, profile: last.profile });
  return last;
}
