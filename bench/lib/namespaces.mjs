/**
 * Hosts of our own on one machine: a network namespace each, joined by a bridge. Needs root and `ip`; where the
 * system refuses, `openNetwork` answers null and the same processes run on loopback ports.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import net from 'node:net';

const NET = '10.214.7';
const BRIDGE = 'hlbr0';
const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** @returns `{ gateway, host(name), close() }` or null; `host` answers `{ address, exec }` */
export function openNetwork() {
  if (spawnSync('ip', ['netns', 'add', 'hl-probe']).status !== 0) return null;
  ip('netns', 'del', 'hl-probe');
  const names = [];
  ip('link', 'add', BRIDGE, 'type', 'bridge');
  ip('addr', 'add', `${NET}.1/24`, 'dev', BRIDGE);
  ip('link', 'set', BRIDGE, 'up');
  return {
    gateway: `${NET}.1`,
    host(name) {
      const address = `${NET}.${names.length + 10}`;
      const space = `hl-${name}`;
      const [near, far] = [`hv${names.length}`, `hw${names.length}`];
      names.push(space);
      ip('netns', 'add', space);
      ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
      ip('link', 'set', near, 'master', BRIDGE, 'up');
      ip('link', 'set', far, 'netns', space);
      ip('-n', space, 'addr', 'add', `${address}/24`, 'dev', far);
      ip('-n', space, 'link', 'set', far, 'up');
      ip('-n', space, 'link', 'set', 'lo', 'up');
      return { address, exec: ['ip', 'netns', 'exec', space] };
    },
    close() {
      for (const space of names) spawnSync('ip', ['netns', 'del', space]);
      spawnSync('ip', ['link', 'del', BRIDGE]);
    },
  };
}

/**
 * A TCP proxy that asks the next backend when one refuses.
 * @param backends `[{ host, port }]`, read anew for each connection, taken in turn
 */
export function forward(host, port, backends) {
  let turn = 0;
  const server = net.createServer((near) => {
    near.on('error', () => near.destroy());
    const first = turn++;
    const dial = (attempt) => {
      if (attempt === backends.length) {
        near.destroy();
        return;
      }
      const far = net.connect({ ...backends[(first + attempt) % backends.length], noDelay: true });
      const next = () => dial(attempt + 1);
      far.once('error', next);
      far.once('connect', () => {
        far.off('error', next);
        far.on('error', () => near.destroy());
        far.once('close', () => near.destroy());
        near.once('close', () => far.destroy());
        near.pipe(far).pipe(near);
      });
    };
    dial(0);
  });
  return new Promise((resolve) => server.listen(port, host, () => resolve(server)));
}
