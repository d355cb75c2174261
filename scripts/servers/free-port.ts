import { createServer } from "node:net";

const taken = new Set<number>();

/**
 * A port of 127.0.0.1 nobody listens on, never the same twice in one process.
 *
 * Below the range from which kernels give ports to outgoing connections: a
 * server that stops and starts again on its port must not find a client there.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port);
      return port;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
