import { expect, test } from "vitest";
import { hasIdle, refuseIdle } from "../src/source-selection.ts";

const NAMES = ["shop.orders", "shop.users", "Blog.posts", "a.b+c"];

test.each([
  [[]],
  [["shop.orders"]],
  [["shop.*", "Blog.posts"]],
  [["*.users", "?log.posts"]],
  [["a.b+c"]],
  [["*"]],
])("include globs %j all take something", (include) => {
  expect(hasIdle(include, NAMES)).toBe(false);
  expect(() => refuseIdle(include, NAMES, "the dump")).not.toThrow();
});

test.each([
  [["shop.order"], "shop.order", "shop.orders"],
  [["shop.*", "blog.posts"], "blog.posts", "Blog.posts"],
  [["shop.users*", "shop.user"], "shop.user", "shop.users"],
  [["a.bbc"], "a.bbc", "a.b+c"],
])("of %j the glob %s takes nothing, and the nearest name is told", (include, glob, nearest) => {
  expect(hasIdle(include, NAMES)).toBe(true);
  expect(() => refuseIdle(include, NAMES, "the dump")).toThrow(
    expect.objectContaining({
      code: "include-idle",
      exitCode: 2,
      fields: { glob, place: "the dump", nearest },
    }),
  );
});

test("where there is nothing no name is near", () => {
  expect(() => refuseIdle(["a.b"], [], "the dump")).toThrow(
    expect.objectContaining({ fields: { glob: "a.b", place: "the dump", nearest: undefined } }),
  );
});
