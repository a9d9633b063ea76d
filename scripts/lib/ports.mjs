import { createServer } from 'node:net';

/** A free loopback port, found by listening: `preferred` if nobody has it, else one the system picks. */
export async function freePort(preferred = 0) {
  return (await listenOnce(preferred)) ?? (await listenOnce(0));
}

/** The port on which listening worked, or null if it is taken. */
function listenOnce(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (err) => (err.code === 'EADDRINUSE' ? resolve(null) : reject(err)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const chosen = server.address().port;
      server.close(() => resolve(chosen));
    });
  });
}
