import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { diskFault, FirebreakError, writeDurably } from "@firebreak/archive";
import type { ChainPlace } from "@firebreak/target";
import type { LogPlace } from "../../../binlog/log-place.ts";

/** The file in the work folder that says when a target was last proved to be equal. */
const FILE = "checksum-grounds.json";

const groundsSchema = z.object({
  format: z.literal("firebreak-grounds"),
  formatVersion: z.literal(1),
  chainSha256: z.string(),
  /** The link's number; 0 is the full archive. */
  number: z.number(),
  at: z.string(),
  place: z.object({
    file: z.string(),
    offset: z.number(),
    before: z.object({ file: z.string(), at: z.number(), end: z.number(), sha256: z.string() }),
  }),
  /** `ledger` is a hash of what the ledger said of the table, apart from later deltas of the chain. */
  tables: z.array(z.object({ database: z.string(), table: z.string(), ledger: z.string() })),
});

/** The proof that some tables were equal to a link of a chain, and the place of the target's log at that time. */
export type Grounds = z.output<typeof groundsSchema>;

/**
 * Reads the grounds of a chain in some work folders, the newest first. Those of another chain or version do
 * not count.
 *
 * @param works the folder of this run first.
 */
export async function readGrounds(works: ReadonlySet<string>, place: ChainPlace): Promise<Grounds[]> {
  const found: Grounds[] = [];
  for (const [i, work] of [...works].entries()) {
    const grounds = await readFrom(work, place).catch((error: unknown) => {
      // Only the record of this run's own folder has to be readable.
      if (i === 0 || !(error instanceof FirebreakError)) throw error;
      return undefined;
    });
    if (grounds !== undefined) found.push(grounds);
  }
  return found.sort((a, b) => b.number - a.number || (a.at < b.at ? 1 : -1));
}

async function readFrom(work: string, { chain, number }: ChainPlace): Promise<Grounds | undefined> {
  const file = join(work, FILE);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw diskFault(error, file);
  });
  const found = parsed(text);
  return found?.chainSha256 === chain && found.number <= number ? found : undefined;
}

function parsed(text: string): Grounds | undefined {
  try {
    return groundsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Keeps grounds in the work folder, if it can be written: nothing but the next proof depends on them. */
export async function writeGrounds(
  work: string,
  { chain, number }: ChainPlace,
  place: LogPlace,
  tables: Grounds["tables"],
): Promise<void> {
  const grounds: Grounds = {
    format: "firebreak-grounds",
    formatVersion: 1,
    chainSha256: chain,
    number,
    at: new Date().toISOString(),
    place,
    tables,
  };
  await mkdir(work, { recursive: true }).catch(() => undefined);
  await writeDurably(join(work, FILE), `${JSON.stringify(grounds)}\n`).catch((error: unknown) => {
    if (!(error instanceof FirebreakError)) throw error;
  });
}
