import { expect, test } from "vitest";
import type { TablePart } from "@firebreak/archive";
import { diskFindings } from "../../../src/target/preflight/preflight.ts";

const GIB = 2 ** 30;
const rest = [{ todo: [{ plainBytes: 6 * GIB } as TablePart, { plainBytes: 4 * GIB } as TablePart] }];

test("documents that cannot fit the disk in any form are refused, those that may not are told of", () => {
  expect(diskFindings(rest, GIB - 1)).toEqual({
    findings: [{ what: "disk-small", needed: 10 * GIB, free: GIB - 1 }],
    notes: [],
  });
  expect(diskFindings(rest, 9 * GIB)).toEqual({
    findings: [],
    notes: [{ code: "load-disk-mongodb", fields: { needed: 10 * GIB, free: 9 * GIB } }],
  });
});

test("where there is room, or the server does not tell, there is nothing to say", () => {
  expect(diskFindings(rest, 10 * GIB)).toEqual({ findings: [], notes: [] });
  expect(diskFindings(rest, undefined)).toEqual({ findings: [], notes: [] });
});
