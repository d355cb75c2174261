import { join } from "node:path";
import { hasManifest } from "@firebreak/archive";
import { applyRepair, loadArchive } from "@firebreak/load";
import { mongodbLoadTarget } from "@firebreak/mongodb/target";
import { mysqlLoadTarget } from "@firebreak/mysql/target";
import { applicationsOf, PROFILES } from "../../cli/src/profiles.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { transformed } from "./transformed.ts";

type MysqlOptions = Omit<Parameters<typeof mysqlLoadTarget>[0], "url">;

interface Loading extends MysqlOptions {
  readonly folder?: string;
  readonly work?: string;
  readonly jobs?: number;
  readonly maxQuarantine?: number;
  readonly isReplay?: boolean;
  readonly isDryRun?: boolean;
  readonly identities?: readonly string[] | undefined;
}

/** Loads an archive into the target that a URL names. It transforms the archive first, if nobody did. */
export async function loaded(archive: string, url: string, options: Loading = {}): Promise<Outcome> {
  const { isMerge = false, mayAlter = false, select, ...others } = options;
  const { applicationOf = applicationsOf(PROFILES) } = options;
  const common = {
    archive,
    jobs: 2,
    work: `${archive}.work`,
    maxQuarantine: 1000,
    isReplay: false,
    isDryRun: false,
  };
  const kind = url.startsWith("mysql:") ? "mysql" : "mongodb";
  const folder = join(archive, kind);
  if (others.folder === undefined && !(await hasManifest(folder))) {
    const { identities } = options;
    const made = await transformed(archive, {
      to: kind,
      ...(identities === undefined ? {} : { identities }),
    });
    if (made.error !== undefined) return made;
  }
  if (kind === "mysql") {
    const target = mysqlLoadTarget({ url, isMerge, mayAlter, applicationOf, select });
    return outcomeOf(loadArchive(target, { ...common, folder, ...others }));
  }
  const target = mongodbLoadTarget({ url });
  return outcomeOf(loadArchive(target, { ...common, folder, ...others }));
}

/** Applies a repair to the target that a URL names. */
export async function repaired(
  archive: string,
  url: string,
  options: { readonly isDryRun?: boolean } = {},
): Promise<Outcome> {
  return outcomeOf(
    applyRepair({ archive, url, jobs: 2, isDryRun: false, identities: undefined, ...options }),
  );
}
