import fc from "fast-check";
import { expect, test } from "vitest";
import type { ArchiveFile } from "@firebreak/archive";
import { planBundle, type BundlePlan } from "../src/bundle-plan.ts";
import type { PlannedMember, PlannedVolume } from "../src/planned-volume.ts";
import { labelFiles } from "../src/label-files.ts";
import { END_BYTES, memberBytes } from "../src/volume/tar-member.ts";

const MIB = 1 << 20;
const SHA256 = "5a".repeat(32);

function file(name: string, bytes: number): ArchiveFile {
  return { name, path: `/archive/${name}`, entry: { file: name, bytes, sha256: SHA256 } };
}

function plan(files: readonly ArchiveFile[], volumeMib?: number): BundlePlan {
  return planBundle(
    { files, source: { sha256: SHA256 }, mysql: undefined, mongodb: undefined },
    "chat",
    volumeMib,
  );
}

/** What a volume takes on disk, its label included. */
function volumeBytes({ head, members }: PlannedVolume): number {
  const label = labelFiles(
    head,
    members.map(({ name, bytes, offset, piece, file: { name: of, entry } }) => ({
      name,
      bytes,
      sha256: SHA256,
      ...(piece === undefined
        ? {}
        : { piece: { file: of, ...piece, offset, fileBytes: entry.bytes, fileSha256: SHA256 } }),
    })),
  ).map(({ name, content }) => memberBytes(name, Buffer.byteLength(content)));
  return [...label, ...members.map((m) => memberBytes(m.name, m.bytes))].reduce((a, b) => a + b, END_BYTES);
}

const names = (volume: PlannedVolume | undefined): string[] | undefined => volume?.members.map((m) => m.name);

test("without a size there is one volume, names in order, the manifests last", () => {
  const { volumes } = plan(
    ["manifest.json", "source/b", "mysql/manifest.json", "SHA256SUMS", "mysql/a", "source/a"].map((n) =>
      file(n, 5 * MIB),
    ),
  );
  expect(volumes.map(names)).toEqual([
    ["SHA256SUMS", "mysql/a", "source/a", "source/b", "mysql/manifest.json", "manifest.json"],
  ]);
});

test("whatever the files are, each of their bytes is on one volume, in order, and no volume is too large", () => {
  const sizes = fc.oneof(fc.nat(2000), fc.nat(3 * MIB), fc.integer({ min: MIB - 6000, max: MIB + 600 }));
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), (bytes, volumeMib) => {
      const files = bytes.map((b, i) => file(`source/${"x".repeat((i * 37) % 300)}/${i}`, b));
      const { volumes, head } = plan(files, volumeMib);
      const byFile = new Map<ArchiveFile, PlannedMember[]>(files.map((f) => [f, []]));
      for (const volume of volumes) {
        expect(volumeBytes(volume)).toBeLessThanOrEqual(volumeMib * MIB);
        expect(volume.head.volumeCount).toBe(volumes.length);
        for (const member of volume.members) byFile.get(member.file)!.push(member);
      }
      expect(volumes.map((v) => v.head.volume)).toEqual(volumes.map((_, i) => i + 1));
      expect(head.fileBytes).toBe(bytes.reduce((a, b) => a + b, 0));
      for (const [of, members] of byFile) {
        let at = 0;
        for (const [i, member] of members.entries()) {
          expect(member.offset).toBe(at);
          at += member.bytes;
          expect(member.piece).toEqual(
            members.length === 1 ? undefined : { number: i + 1, count: members.length },
          );
        }
        expect(at).toBe(of.entry.bytes);
      }
    }),
    { numRuns: 60 },
  );
});

/** The largest size of one file that still makes a plan of which something holds. */
function largest(holds: (bytes: number) => boolean): number {
  let [low, high] = [0, 4 * MIB];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

test("a file that just fits a volume of its own is whole, one byte more and it is cut", () => {
  const whole = (bytes: number): boolean =>
    plan([file("source/a", bytes)], 1).volumes[0]?.members[0]?.piece === undefined;
  const fitting = largest(whole);
  expect(volumeBytes(plan([file("source/a", fitting)], 1).volumes[0]!)).toBeGreaterThan(MIB - 1024);
  expect(names(plan([file("source/a", fitting + 1)], 1).volumes[0])).toEqual([
    "source/a.firebreak-piece-0001",
  ]);
});

test("a file that does not fit what is left goes to the next volume uncut", () => {
  const together = (bytes: number): boolean =>
    plan([file("source/a", MIB >> 1), file("source/b", bytes)], 1).volumes.length === 1;
  const fitting = largest(together);
  expect(plan([file("source/a", MIB >> 1), file("source/b", fitting + 1)], 1).volumes.map(names)).toEqual([
    ["source/a"],
    ["source/b"],
  ]);
});

test("a file that no volume could hold fills what is left of one first", () => {
  const { volumes } = plan([file("source/a", MIB >> 1), file("source/b", 2 * MIB)], 1);
  expect(volumes.map(names)).toEqual([
    ["source/a", "source/b.firebreak-piece-0001"],
    ["source/b.firebreak-piece-0002"],
    ["source/b.firebreak-piece-0003"],
  ]);
});

test("more volumes than their names can count are refused", () => {
  expect(() => plan([file("source/a", 10_000 * MIB)], 1)).toThrow(
    expect.objectContaining({ code: "volumes-too-many", exitCode: 2 }) as Error,
  );
});

test("the same archive at the same size is the same bundle; another archive, transform or size is another", () => {
  const id = (sha256: string, mysql?: string, volumeMib?: number, mongodb?: string): string => {
    const listing = (of: string | undefined): { sha256: string } | undefined =>
      of === undefined ? undefined : { sha256: of };
    return planBundle(
      { files: [], source: { sha256 }, mysql: listing(mysql), mongodb: listing(mongodb) },
      "chat",
      volumeMib,
    ).head.bundle;
  };
  expect(id("a", "b", 1)).toBe(id("a", "b", 1));
  expect(
    new Set([
      id("a", "b", 1),
      id("b", "b", 1),
      id("a", "c", 1),
      id("a", undefined, 1),
      id("a", "b", 2),
      id("a", undefined, 1, "b"),
      id("a", "b", 1, "b"),
    ]).size,
  ).toBe(7);
});
