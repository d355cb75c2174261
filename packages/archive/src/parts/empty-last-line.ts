import { BroadcastChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";

const NEWLINE = 0x0a;
const CHANNEL = "firebreak: empty last line";
const NDJSON_FILE = /\.ndjson\.zst(?:\.age)?$/;

/**
 * Removes an empty line at the end of a part's plaintext. Version 0.1.0 wrote such parts when it merged
 * lines; otherwise they are as their manifest says. An empty line anywhere else stays, for the reader to
 * refuse.
 */
export class EmptyLastLine {
  readonly #isNdjson: boolean;
  #isHeld = false;
  #last = -1;

  constructor(file: string) {
    this.#isNdjson = NDJSON_FILE.test(file);
  }

  /** True if all blocks so far end in an empty line. */
  get isFound(): boolean {
    return this.#isHeld;
  }

  /** Returns the blocks to pass on. */
  take(block: Buffer): readonly Buffer[] {
    if (!this.#isNdjson || block.length === 0) return [block];
    const before = block.length === 1 ? this.#last : block[block.length - 2];
    const given = this.#isHeld ? [Buffer.of(NEWLINE)] : [];
    this.#last = block[block.length - 1]!;
    this.#isHeld = this.#last === NEWLINE && before === NEWLINE;
    const kept = this.#isHeld ? block.subarray(0, -1) : block;
    return kept.length === 0 ? given : [...given, kept];
  }
}

let told: BroadcastChannel | undefined;

/** Tells the process, from any thread, that a part ends with an empty line. */
export function tellEmptyLastLine(file: string): void {
  if (told === undefined) {
    told = new BroadcastChannel(CHANNEL);
    told.unref();
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel between threads has no origin
  told.postMessage(file);
}

/** Gathers the messages of `tellEmptyLastLine` in this process from now on. The caller closes it. */
export class EmptyLastLines {
  readonly #channel = new BroadcastChannel(CHANNEL);
  #files = new Set<string>();

  constructor() {
    this.#channel.addEventListener("message", (event) => {
      if ("data" in event) this.#files.add(String(event.data));
    });
    this.#channel.unref();
  }

  /** Returns the parts told of since the last call, each once, sorted by name. */
  take(): string[] {
    // This reads messages that have come but have not been delivered yet. Node accepts a channel here too
    // (worker_threads, receiveMessageOnPort); its types do not say so.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const port = this.#channel as unknown as MessagePort;
    for (;;) {
      const received = receiveMessageOnPort(port);
      if (received === undefined) break;
      this.#files.add(String(received.message));
    }
    const files = [...this.#files].sort();
    this.#files = new Set();
    return files;
  }

  close(): void {
    this.#channel.close();
  }
}
