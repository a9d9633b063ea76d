/** A disk that is full while an export is written: a clear reason, nothing left behind, and it works once there is room. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExportTask } from '../../../contract/export.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { ask, ended, exported, talk, type Talk } from './scene.js';

const folder = mkdtempSync(join(tmpdir(), 'hotline-small-'));
const mount = (...args: string[]) => spawnSync('mount', [...args, folder]).status === 0;
/** A disk of 96 KiB; only root may make one. */
const small = mount('-t', 'tmpfs', '-o', 'size=96k', 'tmpfs');
const onSmallDisk = small ? test : test.skip;

let hotline: Hotline;
let admin: Person;
let long: Talk;
beforeAll(async () => {
  if (!small) return;
  hotline = await startHotline({ env: { EXPORT_DIR: folder } });
  admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
  long = await talk(
    hotline,
    Array.from({ length: 60 }, (_, index) => `第${String(index)}句，${'想了很多事情睡不着觉'.repeat(40)}`),
  );
});
afterAll(async () => {
  if (!small) return;
  await hotline.stop();
  spawnSync('umount', [folder]);
});

onSmallDisk(
  'a full disk ends the export with a sentence that says so, then there is room again',
  async () => {
    const asked = await ask(hotline, admin.token, `/conversation/batchexport?format=json`, [long.id]);
    const task = await ended(hotline, admin.token, (asked.body.result as ExportTask).id, 60_000);
    expect(task).toMatchObject({ status: 'FAILED' });
    expect(task.error).toContain('存储空间不足');
    await until(() => readdirSync(folder).length === 0, 'nothing is left');
    expect(mount('-o', 'remount,size=8m')).toBe(true);
    const { bytes } = await exported(hotline, admin.token, '/conversation/batchexport?format=json', [
      long.id,
    ]);
    expect(bytes.length).toBeGreaterThan(1_000);
  },
  120_000,
);
