import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { english } from "../../src/messages/en/english.ts";
import { ProgressView } from "../../src/screen/progress.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

test("of changes that are read the seconds are shown that they are behind, not their number", () => {
  const lines: string[] = [];
  const out = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  const view = new ProgressView(out, english);
  for (const [items, lagSeconds] of [
    [0, 4000],
    [442_000, 1234],
    [442_011, 0],
  ] as const) {
    view.show({ kind: "progress", stage: "changes", items, bytes: 0, lagSeconds });
    vi.advanceTimersByTime(3000);
  }
  view.end();
  expect(lines).toEqual([
    "read the change stream: 1,234 s behind the source\n",
    "read the change stream: 0 s behind the source\n",
  ]);
});
