import type { ArchiveFile } from "@firebreak/archive";
import { bundleFault } from "../bundle-faults.ts";
import type { PlannedMember } from "../planned-volume.ts";
import { MAX_VOLUMES, pieceName, type LabelHead } from "../label.ts";
import { VolumeRoom } from "./volume-room.ts";

/** Assigns files to volumes, one after the other; `volumes` has the members of each. */
export class VolumeFiller {
  readonly volumes: PlannedMember[][] = [];
  readonly #head: LabelHead;
  readonly #limitBytes: number;
  readonly #fresh: VolumeRoom;
  #room: VolumeRoom;

  /** @param head of a label with the widest possible numbers. */
  constructor(head: LabelHead, limitBytes: number) {
    this.#head = head;
    this.#limitBytes = limitBytes;
    this.#fresh = new VolumeRoom(head, limitBytes);
    this.#room = this.#begin();
  }

  add(file: ArchiveFile): void {
    const { name, entry } = file;
    if (!this.#fresh.fits(name, entry.bytes)) {
      this.#cut(file);
      return;
    }
    if (!this.#room.fits(name, entry.bytes)) this.#room = this.#begin();
    this.#room.take(name, entry.bytes);
    this.volumes.at(-1)!.push({ name, file, offset: 0, bytes: entry.bytes, piece: undefined });
  }

  #cut(file: ArchiveFile): void {
    const pieces: { volume: number; name: string; offset: number; bytes: number }[] = [];
    for (let offset = 0; offset < file.entry.bytes;) {
      const name = pieceName(file.name, pieces.length + 1);
      const bytes = Math.min(this.#room.forPiece(name, file), file.entry.bytes - offset);
      if (bytes === 0) {
        this.#room = this.#begin();
        continue;
      }
      this.#room.takePiece(name, file, bytes);
      pieces.push({ volume: this.volumes.length - 1, name, offset, bytes });
      offset += bytes;
    }
    for (const [i, { volume, ...piece }] of pieces.entries())
      this.volumes[volume]!.push({ ...piece, file, piece: { number: i + 1, count: pieces.length } });
  }

  #begin(): VolumeRoom {
    if (this.volumes.length === MAX_VOLUMES)
      throw bundleFault("volumes-too-many", {
        volumeMib: this.#head.volumeMib ?? 0,
        limit: MAX_VOLUMES,
      });
    this.volumes.push([]);
    return new VolumeRoom(this.#head, this.#limitBytes);
  }
}
