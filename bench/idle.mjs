/**
 * Memory of an idle visitor: thousands of sockets that only answer pings, on a bare Socket.IO server and on the
 * product, where each is a signed-in visitor of its own.
 *
 *   node bench/idle.mjs      SOCKETS=5000
 */
import { setTimeout as wait } from 'node:timers/promises';
import { rssKib } from './lib/machine.mjs';
import { report } from './lib/report.mjs';
import { migrated, onStage } from './lib/stage.mjs';
import { connect } from './lib/wire.mjs';

const SOCKETS = Number(process.env.SOCKETS ?? 5_000);
const HEADERS =
  'User-Agent: Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36\r\nAccept-Language: zh-CN,zh;q=0.9\r\n';
/** Warm-up, so that code and pools are there before the first reading. */
const WARM = 200;

onStage(async (stage) => {
  const env = { DATABASE: 'bench_idle', KEY_PREFIX: 'benchidle', FACES: 'server,realtime' };
  await migrated({ ...stage.env, ...env });
  const cast = await stage.people(
    { ...stage.env, ...env },
    { counselors: 0, visitors: SOCKETS + WARM, maxConsults: 1 },
  );
  await cast.close();
  const bare = await grow(await stage.bare({ BARE: 'room' }), (index) => ({ room: `room-${index}` }));
  const hotline = await grow(await stage.start(env), (index) => ({ token: cast.visitors[index].token }));
  report(stage, 'idle', {
    rows: [
      {
        variant: 'bare Socket.IO',
        sockets: SOCKETS,
        'KiB a socket (RSS)': bare.kib,
        'connects/s': bare.perSecond,
      },
      {
        variant: 'hotline',
        sockets: SOCKETS,
        'KiB a socket (RSS)': hotline.kib,
        'connects/s': hotline.perSecond,
      },
    ],
    goals: [
      { figure: 'KiB an idle visitor', value: hotline.kib, goal: '≤ 25' },
      { figure: 'of bare', value: hotline.kib / bare.kib, goal: '≤ 1.25' },
    ],
  });
});

async function grow(server, authOf) {
  const sockets = [];
  const add = async (from, to) => {
    for (let index = from; index < to; index += 50)
      sockets.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(50, to - index) }, (_, step) =>
            connect({ port: server.port, auth: authOf(index + step), headers: HEADERS }),
          ),
        )),
      );
  };
  await add(0, WARM);
  const before = await settled(server.pid);
  const begun = performance.now();
  await add(WARM, WARM + SOCKETS);
  const perSecond = SOCKETS / ((performance.now() - begun) / 1000);
  const kib = ((await settled(server.pid)) - before) / SOCKETS;
  for (const socket of sockets) socket.close();
  await server.stop();
  return { kib, perSecond };
}

/** The least resident memory within some seconds: what is left when the garbage of connecting is gone. */
async function settled(pid) {
  let least = Infinity;
  for (let look = 0; look < 20; look += 1) {
    await wait(500);
    least = Math.min(least, rssKib(pid));
  }
  return least;
}
