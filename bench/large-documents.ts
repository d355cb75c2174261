/** Documents of 5 to 16 MiB through export, verify, transform and restore; fails when a step takes more memory than the README says. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Binary, Int32, MongoClient, type Document } from "mongodb";
import { SeededRandom } from "../fixtures/src/index.ts";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder } from "./bench-folder.ts";
import { measureProcess } from "./measure-process.ts";
import { PEAK_GOAL_MIB } from "./step-table.ts";
import { textTable } from "./text-table.ts";

const MIB = 1 << 20;
const DOCUMENTS = 32;
const LARGEST_MIB = 16;
/** Times the largest document that each thread may take beside what small documents take. */
const TIMES_LARGEST = 8;
const DATABASE = "large";
const commandLine = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");

function* largeDocuments(): Generator<Document> {
  const random = new SeededRandom(1, "large documents");
  for (let i = 0; i < DOCUMENTS; i++) {
    const bytes = random.integer(5 * MIB, LARGEST_MIB * MIB - MIB / 8);
    yield { _id: new Int32(i), name: `document ${i}`, ...contentOf(i % 5, bytes, random) };
  }
}

/** Documents of the kinds whose lines and values take the most memory. */
function contentOf(kind: number, bytes: number, random: SeededRandom): Document {
  const text = (length: number): string =>
    Buffer.from(random.bytes(Math.floor(length * 0.75))).toString("base64");
  const listOf = (itemBytes: number, item: (n: number) => unknown): unknown[] =>
    Array.from({ length: Math.floor(bytes / itemBytes) }, (_, n) => item(n));
  switch (kind) {
    case 0:
      return { text: text(bytes) };
    case 1:
      return { data: new Binary(random.bytes(bytes)) };
    case 2:
      return { events: listOf(140, (n) => ({ n: new Int32(n), at: new Date(n), text: text(64) })) };
    case 3:
      return { numbers: listOf(18, () => random.fraction()) };
    default:
      // Six letters of a line for each byte.
      return { zeros: "\0".repeat(bytes) };
  }
}

const STEPS: Readonly<Record<string, readonly string[]>> = {
  export: ["--include", `${DATABASE}.*`],
  verify: [],
  transform: [],
  restore: ["--rename", `${DATABASE}=${DATABASE}_again`, "--yes"],
};

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs"]);
try {
  const { url } = servers["mongodb-rs"];
  await using client = await MongoClient.connect(url, { directConnection: true });
  for (const document of largeDocuments())
    await client.db(DATABASE).collection("documents").insertOne(document);
  const limit = PEAK_GOAL_MIB + TIMES_LARGEST * LARGEST_MIB * availableParallelism();
  const rows = [["step", "s", "CPU s", "peak MiB"]];
  for (const [step, args] of Object.entries(STEPS)) {
    process.stderr.write(`bench: ${step}\n`);
    const { wallSeconds, cpuSeconds, peakMib } = await measureProcess({
      title: step,
      command: [
        process.execPath,
        commandLine,
        step,
        "--archive",
        join(folder.path, "archive"),
        "--quiet",
        ...args,
      ],
      env: { FIREBREAK_MONGODB_URL: `${url}/?directConnection=true` },
    });
    rows.push([step, wallSeconds.toFixed(2), cpuSeconds.toFixed(2), peakMib?.toFixed(0) ?? "?"]);
    if (peakMib !== undefined && peakMib >= limit) process.exitCode = 1;
  }
  const verdict = process.exitCode === 1 ? "NO" : "yes";
  process.stdout.write(`\n${DOCUMENTS} documents of 5 to ${LARGEST_MIB} MiB\n${textTable(rows)}`);
  process.stdout.write(`every step under ${limit} MiB: ${verdict}\n`);
} finally {
  await servers.stopAll();
}
