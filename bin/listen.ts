import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const DEFAULT_PORT = 3000;

/**
 * Listens on the given port, or on 3000 or the next free one when none was given. Tried by listening, not by
 * probing: between a probe and the listening another program may take it.
 * @throws Error with one clear sentence when the given port is taken
 */
export async function listen(server: Server, host: string, given: number | undefined): Promise<number> {
  if (given !== undefined) {
    const port = await tryListen(server, host, given);
    if (port === null)
      throw new Error(`PORT=${String(given)} is taken: stop what listens there or give another PORT`);
    return port;
  }
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + 100; port += 1) {
    const taken = await tryListen(server, host, port);
    if (taken === null) continue;
    if (port !== DEFAULT_PORT) console.log(`port ${String(DEFAULT_PORT)} is taken, using ${String(port)}`);
    return taken;
  }
  throw new Error('no free port between 3000 and 3099: give one with PORT');
}

function tryListen(server: Server, host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
