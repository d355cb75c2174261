import { join } from "node:path";
import { execa } from "execa";

const MAIN = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");

export interface TableSummary {
  readonly table: string;
  readonly rows?: number;
  readonly loaded?: number;
  readonly digested?: number;
  readonly equal?: boolean;
}

export interface NamespaceSummary {
  readonly namespace: string;
  readonly documents?: number;
  readonly lines?: number;
  readonly quarantined?: number;
  readonly tables?: readonly TableSummary[];
}

export interface Outcome {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly summary: {
    readonly ok: boolean;
    readonly namespaces: readonly NamespaceSummary[];
    readonly error?: { readonly code: string; readonly problem: string };
  };
}

export interface Run {
  readonly archive: string;
  readonly mongodbUrl?: string;
  readonly mysqlUrl?: string;
  readonly args?: readonly string[];
}

/** Runs one verb in a process of its own with `--json`; stdout must be events alone, the summary last. */
export async function firebreak(verb: string, run: Run): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [MAIN, verb, "--archive", run.archive, "--json", ...(run.args ?? [])],
    {
      env: {
        ...(run.mongodbUrl === undefined ? {} : { FIREBREAK_MONGODB_URL: run.mongodbUrl }),
        ...(run.mysqlUrl === undefined ? {} : { FIREBREAK_MYSQL_URL: run.mysqlUrl }),
      },
      reject: false,
    },
  );
  const events = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { event: string });
  const last = events.at(-1);
  if (last?.event !== "summary") throw new Error(`${verb} printed no summary, but: ${stderr}`);
  return { exitCode, stderr, summary: last as unknown as Outcome["summary"] };
}

/** What an outcome comes to, with its reason where it failed: for `expect(...).toBe`. */
export function ending({ exitCode, summary, stderr }: Outcome): string {
  return summary.ok ? `exit ${exitCode}` : `exit ${exitCode}: ${summary.error?.problem ?? stderr}`;
}
