import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import {
  hasManifest,
  readMongodbManifest,
  readMysqlManifest,
  writeManifest,
  type DatabaseKind,
} from "@firebreak/archive";
import { transformProfiledDelta, type Profile } from "@firebreak/transform";
import { transformByWhole } from "@firebreak/journeys";
import { makeDelta } from "@firebreak/testing/deltas/make-delta";
import { outcomeOf, type Outcome } from "@firebreak/testing/recipes/outcome";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { SeededRandom } from "../../../../fixtures/src/index.ts";
import { wildfirechatSupport } from "../../src/support.ts";
import { RandomHybrid } from "./random-hybrid.ts";
import { RandomRows } from "./random-rows.ts";
import { BORDER_MS, type RandomSite } from "./random-site.ts";
import { writeSiteArchive } from "./site-archive.ts";

/** A direction in which a site goes. */
export interface Way {
  readonly to: DatabaseKind;
  readonly options: readonly string[];
  readonly site: (seed: number) => RandomSite;
}

const ZONES = ["zone=Asia/Shanghai", "sessionTimezone=UTC"];
const OF_ROWS = [...ZONES, "serverTimezone=Asia/Shanghai", "privateTarget=plain"];
const ALONE = "scheme=mongodb";

export const WAYS: Readonly<Record<string, Way>> = {
  "from a hybrid to MySQL": { to: "mysql", options: ZONES, site: (seed) => new RandomHybrid(seed) },
  "from MongoDB alone to MySQL": {
    to: "mysql",
    options: [...ZONES, ALONE],
    site: (seed) => new RandomHybrid(seed),
  },
  "from MySQL to a hybrid": { to: "mongodb", options: OF_ROWS, site: (seed) => new RandomRows(seed) },
  "from MySQL to MongoDB alone": {
    to: "mongodb",
    options: [...OF_ROWS, ALONE],
    site: (seed) => new RandomRows(seed),
  },
};

const DAY_MS = 86_400_000;
const THREE_YEARS_MS = 3 * 365.25 * DAY_MS;

/** A chain up to a link, transformed, and a full archive of the site as it then is, not transformed. */
export interface ChainStep {
  readonly chain: readonly string[];
  readonly now: string;
}

interface ChainSettings {
  /** The days after which MongoDB removes documents; a real server does that within a minute. */
  readonly expireDays?: number;
  /** The version that transforms. */
  readonly version?: string;
}

/** So many days that documents expire while a chain goes on. */
const SOME_EXPIRE = 1096;

/**
 * Makes a chain of a site that changes at random, and yields it with each link.
 *
 * Some links of a function's chain are transformed from the whole chain, and some lack their index.
 */
export async function* randomChain(
  place: string,
  { to, options, site: siteOf }: Way,
  seed: number,
  links: number,
  { expireDays = SOME_EXPIRE, version = "test" }: ChainSettings = {},
): AsyncGenerator<ChainStep> {
  const at = (name: string): string => join(place, name);
  const random = new SeededRandom(seed, "watermark");
  const site = siteOf(seed);
  // The horizon of retention lies among the messages, and moves on.
  let ms = BORDER_MS + THREE_YEARS_MS + random.integer(-6, 2) * DAY_MS;
  await writeSiteArchive(at("now-0"), site, ms, random.pick([3, 12]));
  await cp(at("now-0"), at("full"), { recursive: true });
  await ended(transformed(at("full"), { profile: await profileOf({ options }, expireDays), to, version }));
  const chain = [at("full")];
  yield { chain, now: at("now-0") };
  for (let link = 1; link <= links; link++) {
    site.change();
    ms += random.integer(0, 2) * DAY_MS;
    const [now, delta] = [at(`now-${link}`), at(`delta-${link}`)];
    await writeSiteArchive(now, site, ms);
    await makeDelta(chain.at(-1)!, at(`now-${link - 1}`), now, delta, { partLines: random.pick([2, 12]) });
    const made = join(chain.at(-1)!, to);
    const { manifest } = to === "mysql" ? await readMysqlManifest(made) : await readMongodbManifest(made);
    // An earlier version kept no index.
    if (random.chance(0.15)) {
      const { lineIndex: _index, ...without } = manifest;
      await writeManifest(made, without);
    }
    const { profile } = await wildfirechatSupport.ofChain(
      { to, facts: manifest.profileFacts!, target: undefined },
      GIVEN,
    );
    const folders = { mysql: join(delta, "mysql"), mongodb: join(delta, "mongodb") };
    const common = { archive: delta, folders, jobs: 1, version, to, profile };
    const outcome = await outcomeOf(
      random.chance(0.12)
        ? transformByWhole({ ...common, work: at("work") })
        : transformProfiledDelta(common),
    );
    expect(outcome.error, outcome.text).toBeUndefined();
    expect(await hasManifest(folders[to])).toBe(true);
    chain.push(delta);
    yield { chain, now };
  }
}

const GIVEN = {
  options: [],
  site: undefined,
  target: undefined,
  readText: (file: string): Promise<string> => {
    throw new Error(`${file} is not to be read`);
  },
};

/** Returns the profile that a person would choose for a way. */
export function profileOf({ options }: Pick<Way, "options">, expireDays = SOME_EXPIRE): Promise<Profile> {
  const files: Readonly<Record<string, string>> = {
    "wildfirechat.conf": `mongodb.data_expire_days ${expireDays}\n`,
  };
  const site = { path: "", read: (file: string) => Promise.resolve(files[file]) };
  return wildfirechatSupport.chosen({ ...GIVEN, options, site });
}

/** Waits for a step that must not fail. */
export async function ended(step: Promise<Outcome>): Promise<void> {
  const { error, text } = await step;
  expect(error, text).toBeUndefined();
}
