import type { MysqlManifest } from "@firebreak/archive";
import { transformFault } from "../transform-faults.ts";
import type { TargetKind } from "../transform.ts";
import { madeChain } from "./made-chain.ts";

/** How the links before a delta were transformed. */
export type ChainProfile = Pick<MysqlManifest, "profile" | "profileFacts" | "target">;

export interface ChainProfileOptions {
  /** The delta. */
  readonly archive: string;
  readonly to: TargetKind;
  readonly previous?: string | undefined;
  readonly identities?: readonly string[] | undefined;
  /** What a person asks for, if anything. */
  readonly profile?: string | undefined;
}

/**
 * Returns how the links before a delta were transformed: the delta is transformed likewise.
 *
 * @throws {FirebreakError} `delta-profile` where another profile is asked for, `link-not-made`, `chain-link-missing`, or of archive.
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
