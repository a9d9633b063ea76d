/** A hotline of its own for a test file: own database, own key prefix, any number of nodes in this process. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, type Assembled } from '../../bin/assemble.js';
import type { Clock } from '../../platform/clock.js';
import { loadConfig, type Config } from '../../platform/config.js';
import { takeDatabase } from './database.js';

export interface TestNode extends Assembled {
  url: string;
}

export interface Hotline {
  nodes: TestNode[];
  /** The first node. */
  node: TestNode;
  config: Config;
  stop(): Promise<void>;
}

export function testConfig(overrides: Record<string, string> = {}): Config {
  const mark = randomBytes(5).toString('hex');
  const { TEST_MONGODB_URL, TEST_REDIS_URL } = process.env;
  if (!TEST_MONGODB_URL || !TEST_REDIS_URL)
    throw new Error('run the tests by npm test: it starts the servers');
  return loadConfig({
    NODE_ENV: 'test',
    MONGODB_URL: TEST_MONGODB_URL,
    REDIS_URL: TEST_REDIS_URL,
    DATABASE: `hotline_test_${mark}`,
    KEY_PREFIX: `t${mark}`,
    HOTLINE_DATA: join(tmpdir(), `hotline-test-${mark}`),
    JWT_SECRET: 'test-secret-test-secret-test-secret!',
    PEPPER: 'test-pepper',
    DATA_KEY: Buffer.alloc(32, 7).toString('base64'),
    ARGON2_MEMORY: '64',
    ARGON2_TIME: '1',
    MONGO_POOL: '10',
    DEFAULT_INSTITUTION: 'ecnu',
    SOCKET_EVENTS_PER_10S: '10000',
    ...overrides,
  });
}

/** Takes a database, then starts the nodes; each listens on a free port. */
export async function startHotline(
  options: { nodes?: number; clock?: Clock; env?: Record<string, string> } = {},
): Promise<Hotline> {
  const { MONGODB_URL } = testConfig();
  const { name, connection, models } = await takeDatabase(MONGODB_URL, 2);
  const config = testConfig({ ...options.env, DATABASE: name });
  await models.Institution.create([
    { _id: 'ecnu', name: '测试机构' },
    { _id: 'other', name: '另一机构' },
  ]);
  const nodes: TestNode[] = [];
  for (let index = 0; index < (options.nodes ?? 1); index += 1) {
    const assembled = await assemble(config, {
      name: `node${String(index)}`,
      ...(options.clock ? { clock: options.clock } : {}),
    });
    await new Promise<void>((listening) => assembled.http.listen(0, '127.0.0.1', listening));
    nodes.push({
      ...assembled,
      url: `http://127.0.0.1:${String((assembled.http.address() as AddressInfo).port)}`,
    });
  }
  const [node] = nodes;
  if (!node) throw new Error('at least one node');
  return {
    nodes,
    node,
    config,
    async stop() {
      await Promise.all(nodes.map((each) => each.close()));
      await connection.close();
    },
  };
}
