import { Double, Int32, ObjectId, type Document } from "bson";
import { SeededRandom } from "../fixtures/src/index.ts";

const words = ["blue", "chair", "小桌子", "lamp", "oak", "small", "table", "für zwei"] as const;
const cities = ["Berlin", "Chengdu", "Lyon", "Porto", "上海"] as const;

/**
 * Orders: many small fields in sub-documents and arrays, about 1 KB of BSON each,
 * with a field that some of them lack, and now and then another order of fields.
 */
export function* nestedOrders({ seed, count }: { seed: number; count: number }): Generator<Document> {
  const random = new SeededRandom(seed, "nested orders");
  const id = (): ObjectId => new ObjectId(random.bytes(12));
  const text = (wordCount: number): string =>
    Array.from({ length: wordCount }, () => random.pick(words)).join(" ");
  const day = (): Date => new Date(Date.UTC(2024, 0, 1) + random.integer(0, 2 ** 31));
  for (let made = 0; made < count; made++)
    yield {
      _id: id(),
      state: random.pick(["open", "paid", "sent"]),
      customer: {
        id: id(),
        name: { first: text(1), last: text(1) },
        address: {
          street: text(2),
          city: random.pick(cities),
          geo: {
            type: "Point",
            coordinates: [new Double(random.fraction() * 180), new Double(random.fraction() * 90)],
          },
        },
        ...(random.chance(0.3) ? { company: text(2) } : {}),
      },
      items: Array.from({ length: random.integer(1, 8) }, () => ({
        sku: `S-${random.integer(1, 99_999)}`,
        count: new Int32(random.integer(1, 9)),
        price: { net: new Double(random.integer(1, 99_999) / 100), currency: "EUR" },
        tags: [random.pick(words), random.pick(words)],
        isGift: random.chance(0.1),
      })),
      history: Array.from({ length: random.integer(1, 4) }, () =>
        random.chance(0.9) ? { at: day(), by: id(), note: null } : { by: id(), at: day() },
      ),
      flags: {
        isTest: false,
        weight: new Int32(random.integer(0, 5000)),
        score: new Double(random.fraction()),
      },
    };
}
