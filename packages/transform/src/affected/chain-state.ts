import type { DatabaseKind } from "@firebreak/archive";
import { chainNamespaces, type ChainLink, type ChainListing } from "@firebreak/items";
import type { Profile, ProfileBeginning, ProfileNamespace } from "../profile.ts";
import { profileNamespaces } from "../profiled/profiled-archive.ts";

/** A chain up to one of its links, as a profile sees it. */
export interface ChainState {
  readonly beginning: ProfileBeginning;
  /** In the order of names. */
  readonly known: ReadonlyMap<string, ProfileNamespace>;
  /** The links that hold the lines of each namespace. */
  readonly listings: ReadonlyMap<string, readonly ChainListing[]>;
  /** The last listing of each namespace, and those of views. */
  readonly last: readonly ChainListing[];
  readonly views: readonly ChainListing[];
}

/** @throws {FirebreakError} the profile's refusals. */
export async function chainState(
  archives: readonly ChainLink[],
  profile: Profile,
  to: DatabaseKind,
  identities: readonly string[],
): Promise<ChainState> {
  const all = [...chainNamespaces(archives)].sort(([a], [b]) => (a < b ? -1 : 1));
  const isView = ([, { last }]: (typeof all)[number]): boolean => last.entry.kind === "view";
  const namespaces = all.filter((ns) => !isView(ns));
  const last = namespaces.map(([, ns]) => ns.last);
  const known = await profileNamespaces(last, identities);
  const beginning = profile.begin({
    to,
    namespaces: [...known.values()],
    watermarkMs: Date.parse(archives.at(-1)!.manifest.run.startedAt),
  });
  const listings = new Map(namespaces.map(([name, ns]) => [name, ns.listings]));
  return { beginning, known, listings, last, views: all.filter(isView).map(([, ns]) => ns.last) };
}
