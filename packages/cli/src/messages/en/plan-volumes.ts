import type { DayHours, PlanRecord, SiteVolume, Survey, TableVolume } from "@firebreak/plan";
import { foldShards, starredName, sumsOf } from "../../screen/fold-shards.ts";
import { textTable, wrapped } from "../../screen/text-table.ts";
import { bytes, number } from "./amounts.ts";

/** The number of lines of a table: the newest months, and the most frequent reasons. The file and `--json` have all. */
const SHOWN_LINES = 48;

/** Describes the documents of an application, its hours, and the survey of all documents, as far as a plan has them. */
export function siteLines({ site, hours, survey }: PlanRecord): string[] {
  return [
    ...(site === undefined ? [] : ["", siteTable(site)]),
    ...(hours === undefined ? [] : ["", hoursText(hours)]),
    ...(survey === undefined ? [] : ["", surveyText(survey)]),
  ];
}

function siteTable({ tables, zone, growth, unplaced }: SiteVolume): string {
  const folded = foldShards(tables, {
    nameOf: ({ table }) => table,
    stateOf: ({ month }) => month ?? "",
    together: (shards) => ({
      ...shards[0]!,
      table: starredName(shards[0]!.table, shards.length),
      ...sumsOf(shards, ["documents", "bytes", "documentsPerDay"]),
    }),
  });
  const newest = folded.toSorted((a, b) => ((a.month ?? "") < (b.month ?? "") ? 1 : -1));
  const rows = newest.slice(0, SHOWN_LINES).map(tableRow);
  const head = ["table of the target", "month", "documents", "size", "new a day"];
  return [
    textTable([head, ...rows], [true, true, false, false, false]),
    ...moreLines(folded.length - rows.length),
    wrapped(
      `Months are those of the zone ${zone}.${growth === undefined ? "" : ` New a day is the average of ${number(growth.days)} days up to ${growth.until}.`}${unplaced.documents === 0 ? "" : ` ${number(unplaced.documents)} documents (${bytes(unplaced.bytes)}) do not tell their table, and go to quarantine.`}`,
    ),
  ].join("\n");
}

function moreLines(count: number): string[] {
  return count === 0 ? [] : [`… and ${number(count)} more in the file`];
}

function tableRow({ table, month = "", documents, bytes: size, documentsPerDay }: TableVolume): string[] {
  const isQuiet = documentsPerDay === undefined || documentsPerDay === 0;
  return [table, month, number(documents), bytes(size), isQuiet ? "" : number(documentsPerDay)];
}

function hoursText({ zone, until, days, documents, quietest }: DayHours): string {
  const written = (hours: readonly number[]): string =>
    number(hours.reduce((sum, hour) => sum + documents[hour]!, 0) / days);
  const busiest = documents.reduce((most, count, hour) => (count > documents[most]! ? hour : most), 0);
  return wrapped(
    `Quietest hours (${zone}): ${clock(quietest[0]!)} to ${clock((quietest.at(-1)! + 1) % documents.length)}, with ${written(quietest)} new documents a day in all. The busiest hour begins at ${clock(busiest)}, with ${written([busiest])}. This is of ${number(days)} days up to ${until}.`,
  );
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

function surveyText({ documents, quarantined, reasons }: Survey): string {
  const said = `Of all ${number(documents)} documents, ${quarantined === 0 ? "none goes" : `${number(quarantined)} go`} to quarantine.`;
  if (reasons.length === 0) return said;
  const folded = foldShards(reasons, {
    nameOf: ({ namespace }) => namespace,
    stateOf: ({ reason, field }) => JSON.stringify([reason, field]),
    together: (shards) => ({
      ...shards[0]!,
      namespace: starredName(shards[0]!.namespace, shards.length),
      ...sumsOf(shards, ["documents"]),
    }),
  });
  const rows = folded
    .toSorted((a, b) => b.documents - a.documents)
    .slice(0, SHOWN_LINES)
    .map((one) => [one.namespace, one.reason, one.field, number(one.documents)]);
  const head = ["in quarantine", "reason", "field", "documents"];
  const table = textTable([head, ...rows], [true, true, true, false]);
  return [said, table, ...moreLines(folded.length - rows.length)].join("\n");
}
