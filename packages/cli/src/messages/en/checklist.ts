import type { ChecklistCode, PlanRecord } from "@firebreak/plan";
import type { UrlVariable } from "../../plan-arguments.ts";
import { bytes, interval } from "./amounts.ts";

/** Returns the checklist of a move as Markdown, in English. */
export function checklistText(record: PlanRecord, variables: readonly UrlVariable[]): string {
  const { source, target, at, estimate } = record;
  const parts = (["before", "window", "after"] as const).map((when) => {
    const steps = record.checklist.filter((step) => step.when === when);
    const texts = steps.map(({ code, commands }) =>
      [`- [ ] ${stepText(code, record)}`, ...block(commands.map((command) => ["pnpm", ...command]))].join(
        "\n",
      ),
    );
    return `## ${TITLES[when]}\n\n${texts.join("\n")}\n`;
  });
  return `# Move from MongoDB at ${source} to MySQL at ${target}

Made by plan on ${at}. All of it takes ${interval(estimate.fullRunMs)}, the window ${interval(estimate.windowMs)}.
Each command says what it refuses, and goes on if it is run again. Go to the next step only after exit code 0, or 3 if
you have looked at what is in quarantine.

Set these variables in the shell of each command. A command asks for a password where the URL has \`?\`:

${variables.map(({ name, value }) => `    export ${name}=${quoted(value)}`).join("\n")}

${parts.join("\n")}`;
}

const TITLES = {
  before: "Before, while the application runs",
  window: "The window",
  after: "The day after",
} as const;

/** Returns the lines of commands as a block of Markdown that may be copied into a shell. */
function block(commands: readonly (readonly string[])[]): string[] {
  return commands.length === 0
    ? []
    : ["", ...commands.map((command) => `      ${command.map(quoted).join(" ")}`), ""];
}

/** Quotes a word for a shell, if it needs that. */
function quoted(word: string): string {
  return /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function stepText(code: ChecklistCode, record: PlanRecord): string {
  const { source, target, estimate, archive, settings } = record;
  switch (code) {
    case "mend":
      return "Mend what the plan calls STOP, then plan again.";
    case "backup":
      return record.volumes.some(({ kind }) => kind === "table")
        ? `Back up the target as it is now, and make the usual backup of MongoDB at ${source}.`
        : `Make the usual backup of MongoDB at ${source}. The target has no tables yet.`;
    case "rehearse":
      return "Rehearse with a part of each collection, in a database that is made for it. Some days before the move, rehearse with `--sample all`, and plan again with its times.";
    case "settings-for-load":
      return `Set the target for the load: ${settingWords(settings, "load")}.`;
    case "export":
      return `Export everything from MongoDB, to a disk with ${bytes(estimate.diskBytes.archive)} left.`;
    case "archive-there":
      return `The archive of ${archive?.at ?? ""} is there. Make sure that it is of this MongoDB, because an archive does not name its server, and prove that it is whole.`;
    case "copy":
      return "Copy the archive to the host that reaches MySQL, to the same folder, and look at the copy there. This needs nothing where one host reaches both.";
    case "load":
      return `Load it into MySQL at ${target}. Nothing else may write to these tables from now on.`;
    case "checksum":
      return "Prove that the target has every row.";
    case "query-test":
      return "Try the application's queries on both sides. Exit code 4 is expected here where documents were changed since the export; the rehearsal asks without such changes.";
    case "delta":
      return "Shortly before the window: export what changed since, load it and prove it. Copy the folder as before. If load shows ALTER TABLE statements, look at them and run it again with `--yes`.";
    case "stop-application":
      return `Stop the application and everything else that writes to MongoDB at ${source}. From here to the switch it takes ${interval(estimate.windowMs)}.`;
    case "last-delta":
      return "Export, load and prove the last changes. Copy the folder as before. Until this has exit code 0 or 3, the way back is to start the application on MongoDB again.";
    case "switch":
      return `Let the application use MySQL at ${target}, start it, and try it.`;
    case "keep":
      return "Make one archive of the chain, and keep it apart from both servers. Leave MongoDB as it is, stopped, until you are sure.";
    case "settings-for-service":
      return `Set the target for service: ${settingWords(settings, "service")}.`;
    case "day-after":
      return "Make the first backup of the new database, and look at slow queries and at the disk.";
  }
}

function settingWords(settings: PlanRecord["settings"], time: "load" | "service"): string {
  return settings
    .filter((one) => one.for === time)
    .map(({ variable, advised }) => `\`${variable}=${advised}\``)
    .join(", ");
}
