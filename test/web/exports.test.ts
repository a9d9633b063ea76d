/** The list of exports: an answer that is older than what was pushed meanwhile takes nothing back. */
import { expect, test } from '@jest/globals';
import type { ExportTask } from '../../contract/export.js';
import { joinExports } from '../../web/console/live/exports.js';

const task = (id: string, status: ExportTask['status'], progress: number) =>
  ({ id, status, progress, createdTime: Number(id) }) as ExportTask;
const pushed = (...tasks: ExportTask[]) => new Map(tasks.map((each) => [each.id, each]));

test('what the server tells is shown in its order', () => {
  const told = [task('2', 'RUNNING', 10), task('1', 'DONE', 100)];
  expect(joinExports(told, pushed())).toEqual(told);
});

test('progress and an end that came after the answer was made stay', () => {
  const told = [task('2', 'RUNNING', 10), task('1', 'QUEUED', 0)];
  const later = [task('2', 'RUNNING', 60), task('1', 'DONE', 100)];
  expect(joinExports(told, pushed(...later))).toEqual(later);
});

test('an answer that knows more than the push is shown', () => {
  const told = [task('2', 'DONE', 100), task('1', 'RUNNING', 80)];
  expect(joinExports(told, pushed(task('2', 'RUNNING', 90), task('1', 'RUNNING', 70)))).toEqual(told);
});

test('an export that was begun after the answer was made stands first', () => {
  expect(joinExports([task('1', 'DONE', 100)], pushed(task('2', 'QUEUED', 0)))).toEqual([
    task('2', 'QUEUED', 0),
    task('1', 'DONE', 100),
  ]);
});
