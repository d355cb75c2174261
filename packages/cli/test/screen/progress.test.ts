import { expect, test } from "vitest";
import { progressTexts } from "../../src/messages/en/progress.ts";
import { displayWidth } from "../../src/screen/text-table.ts";
import {
  progressLine,
  progressLogLine,
  figuresOf,
  nextState,
  type Progress,
  type ProgressFigures,
} from "../../src/screen/progress.ts";

const STAGE = { kind: "progress", stage: "export", items: 0, bytes: 0 } as const;

/** What is shown of a stage that began `seconds` ago with nothing done. */
function figuresAfter(seconds: number, latest: Partial<Progress>): ProgressFigures {
  return figuresOf(nextState(nextState(undefined, STAGE, 0), { ...STAGE, ...latest }, seconds * 1000));
}

const half = figuresAfter(60, { items: 600_000, bytes: 9e8, totalItems: 1_200_000 });

function lineOf(columns: number, figures = half, label = "look for equal keys"): string {
  const line = progressLine(label, figures, columns, progressTexts);
  expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  return line;
}

test("a wide terminal shows all, with a bar", () => {
  expect(lineOf(120)).toBe(
    `look for equal keys ${"█".repeat(12)}${"░".repeat(12)} 600,000 of 1,200,000 (50 %) 10,000/s 15.0 MB/s 1 min 0 s left`,
  );
});

test("80 columns show all, and no bar where there is no room for one", () => {
  expect(lineOf(80)).toBe("look for equal keys 600,000 of 1,200,000 (50 %) 10,000/s 1 min 0 s left");
  expect(lineOf(80, half, "load")).toBe(
    `load ${"█".repeat(6)}${"░".repeat(7)} 600,000 of 1,200,000 (50 %) 10,000/s 15.0 MB/s 1 min 0 s left`,
  );
});

test("40 columns keep the percentage and the time that is left", () => {
  expect(lineOf(40)).toBe("look for … 600,000 (50 %) 1 min 0 s left");
});

test("the time that is left is the last thing to go, at every width", () => {
  for (let columns = 14; columns <= 160; columns++) expect(lineOf(columns)).toMatch(/1 min 0 s left$/);
  expect(lineOf(13)).toBe("1 min 0 s le…");
  expect(lineOf(1)).toBe("…");
});

test("without a total the count is the last thing to go", () => {
  const figures = figuresAfter(10, { items: 123_456, bytes: 1e8 });
  expect(lineOf(80, figures)).toBe("look for equal keys 123,456 12,346/s 10.0 MB/s");
  expect(lineOf(20, figures)).toBe("look for eq… 123,456");
  expect(lineOf(7, figures)).toBe("123,456");
});

test("wide characters take two columns", () => {
  const label = "查找重复的键";
  expect(displayWidth(label)).toBe(12);
  expect(lineOf(120, half, label)).toContain(`${label} █`);
  expect(lineOf(42, half, label)).toBe("查找重复的键 600,000 (50 %) 1 min 0 s left");
  expect(lineOf(41, half, label)).toBe("查找重复的… 600,000 (50 %) 1 min 0 s left");
  expect(lineOf(40, half, label)).toBe("查找重复… 600,000 (50 %) 1 min 0 s left");
  for (let columns = 1; columns <= 120; columns++) lineOf(columns, half, label);
});

test("a total that is reached is shown, one that is overtaken never", () => {
  const shown = (items: number, totalIs?: Progress["totalIs"]): string =>
    progressLogLine(
      "export",
      figuresAfter(1, { items, totalItems: 3655, ...(totalIs === undefined ? {} : { totalIs }) }),
      progressTexts,
    );
  expect(shown(3654, "estimate")).toBe("export: 3,654 of about 3,655 (99 %) 3,654/s 1 s left");
  expect(shown(3655, "estimate")).toBe("export: 3,655 of about 3,655 (100 %) 3,655/s");
  for (const totalIs of ["estimate", "known", "so-far", undefined] as const) {
    expect(shown(3656, totalIs)).toBe("export: 3,656 3,656/s");
    expect(shown(73_341, totalIs)).toBe("export: 73,341 73,341/s");
  }
});

test("a total that still grows is marked, and no share or time is made of it", () => {
  const figures = figuresAfter(1, { items: 3000, totalItems: 4000, totalIs: "so-far" });
  expect(progressLogLine("write keys", figures, progressTexts)).toBe(
    "write keys: 3,000 of 4,000 so far 3,000/s",
  );
});

test("of changes that are read the lag is told, and a bar of how much of it is made up", () => {
  const begun = nextState(undefined, { ...STAGE, lagSeconds: 4000 }, 0);
  const later = nextState(begun, { ...STAGE, items: 442_000, lagSeconds: 1000 }, 10_000);
  const line = progressLine("read the change stream", figuresOf(later), 80, progressTexts);
  expect(line).toBe(`read the change stream ${"█".repeat(18)}${"░".repeat(6)} 1,000 s behind the source`);
  expect(lineOf(30, figuresOf(later))).toBe("loo… 1,000 s behind the source");
});

test("speeds are those since the stage began, not of what was done before it", () => {
  const begun = nextState(undefined, { ...STAGE, items: 1000, totalItems: 2000 }, 0);
  const later = nextState(begun, { ...STAGE, items: 1100, totalItems: 2000 }, 10_000);
  expect(figuresOf(later)).toMatchObject({ itemsPerSecond: 10, secondsLeft: 90 });
});

test("another stage, and one that counts from its beginning again, have speeds of their own", () => {
  const done = nextState(nextState(undefined, STAGE, 0), { ...STAGE, items: 900 }, 1000);
  const other = nextState(done, { ...STAGE, stage: "fold", items: 5 }, 2000);
  expect(other).toMatchObject({ startedAtMs: 2000, first: { items: 5 } });
  const begun = nextState(undefined, { ...STAGE, items: 50 }, 0);
  expect(nextState(begun, { ...STAGE, items: 50 }, 9)).toMatchObject({ startedAtMs: 0 });
  expect(nextState(begun, { ...STAGE, items: 49 }, 9)).toMatchObject({ startedAtMs: 9 });
});

test("what is counted back again has no speed below nothing", () => {
  expect(figuresAfter(1, { items: 0, bytes: 0, totalItems: 10 })).toEqual({
    items: 0,
    total: { items: 10, is: "known" },
    share: 0,
  });
});
