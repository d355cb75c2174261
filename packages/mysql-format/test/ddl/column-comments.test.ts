import fc from "fast-check";
import { expect, test } from "vitest";
import { collectionComment, collectionOfComment, kindOfComment } from "../../src/ddl/column-comments.ts";

test("the comment of a table gives the collection's name back, in letters that are the same in any SQL mode", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const comment = collectionComment(name);
      expect(collectionOfComment(comment)).toBe(name);
      expect(comment).toMatch(/^firebreak: collection [\w%.!~*()-]*$/);
    }),
  );
});

test.each(["", "firebreak", "collection x", "firebreak: collection %zz", "Firebreak: collection x"])(
  "the comment %j is none of ours",
  (comment) => {
    expect(collectionOfComment(comment)).toBeUndefined();
  },
);

test.each(["", "objectId", "firebreak: ", "firebreak: objectid", "firebreak: objectId "])(
  "a column with the comment %j is none of ours",
  (comment) => {
    expect(kindOfComment(comment)).toBeUndefined();
  },
);
