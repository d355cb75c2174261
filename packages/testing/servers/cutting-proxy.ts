import { createServer, Socket, type AddressInfo } from "node:net";

/** Stands before a real server and cuts connections, as a bad network does. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections cut so far. */
  readonly cutCount: number;
  /** Cuts each connection when so many bytes have come through it, either way; 0 takes no connection at all. */
  limitBytes: number;
}

export async function cuttingProxy(port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cutCount = 0;
  const settings = { limitBytes: Number.POSITIVE_INFINITY };
  const server = createServer((near) => {
    if (settings.limitBytes === 0) {
      near.destroy();
      return;
    }
    const far = new Socket().connect(port, "127.0.0.1");
    let bytes = 0;
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", cut).on("close", cut);
    }
    const pass = (to: Socket) => (block: Buffer) => {
      bytes += block.length;
      if (bytes > settings.limitBytes) {
        if (!near.destroyed) cutCount++;
        cut();
      } else if (!to.destroyed) to.write(block);
    };
    near.on("data", pass(far));
    far.on("data", pass(near));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get cutCount() {
      return cutCount;
    },
    get limitBytes() {
      return settings.limitBytes;
    },
    set limitBytes(bytes: number) {
      settings.limitBytes = bytes;
      if (bytes === 0) for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
