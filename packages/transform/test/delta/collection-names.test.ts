import { expect, test } from "vitest";
import { planCollections } from "../../src/collections/documents-plan.ts";
import { column, sourceTable } from "../support/source-table.ts";

const place = (collection: string) => ({ namespace: `shop.${collection}`, database: "shop", collection });

test("a copy of a table that a chain has becomes a collection of its own name, and what is there keeps its name", () => {
  const copied = sourceTable([column("_id", { comment: "firebreak: int32" })], ["_id"], {
    comment: "firebreak: collection things",
  });
  const own = sourceTable([column("id")], ["id"]);
  const plans = planCollections(
    [
      { ns: place("things_copy"), table: copied },
      { ns: place("orders"), table: own, existing: { database: "shop_a1", collection: "orders_b2" } },
    ],
    [{ database: "shop", collection: "things" }],
  );
  expect(plans).toMatchObject([
    { namespace: "shop.things_copy", database: "shop", collection: "things_copy" },
    { namespace: "shop.orders", database: "shop_a1", collection: "orders_b2" },
  ]);
  // What the collection's options say of the table names the collection that it is.
  expect(plans[1]!.optionsText).toContain("orders_b2");
});
