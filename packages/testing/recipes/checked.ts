import { join } from "node:path";
import { checksumArchive, sampleRows } from "@firebreak/checksum";
import { mongodbChecksumTarget } from "@firebreak/mongodb/target";
import { mysqlChecksumTarget } from "@firebreak/mysql/target";
import { outcomeOf, type Outcome } from "./outcome.ts";

interface Checking {
  readonly work?: string;
  readonly previous?: string;
  /** The folder of a repair, and the version that writes it. */
  readonly repair?: Parameters<typeof mysqlChecksumTarget>[0]["repair"];
}

/** Compares a transformed archive, or documents of one, with the target that a URL names. */
export async function checked(
  archive: string,
  url: string,
  { repair, ...options }: Checking = {},
): Promise<Outcome> {
  const common = { archive, jobs: 2, work: `${archive}.work`, ...options };
  if (url.startsWith("mysql:")) {
    const target = mysqlChecksumTarget({ url, repair });
    return outcomeOf(checksumArchive(target, { ...common, folder: join(archive, "mysql") }));
  }
  const target = mongodbChecksumTarget({ url });
  return outcomeOf(checksumArchive(target, { ...common, folder: join(archive, "mongodb") }));
}

/** Picks rows at random in a MySQL or MariaDB, beside their documents. */
export async function sampled(archive: string, url: string, count: number): Promise<Outcome> {
  const common = { archive, jobs: 2, work: `${archive}.work`, folder: join(archive, "mysql") };
  return outcomeOf(sampleRows(mysqlChecksumTarget({ url }), { ...common, count }));
}
