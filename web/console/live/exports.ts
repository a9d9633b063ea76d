/** The exports that the server told of, joined with what was pushed while its answer was on the way. */
import type { ExportTask } from '../../../contract/export.js';

const STEPS: Record<ExportTask['status'], number> = {
  QUEUED: 0,
  RUNNING: 1,
  DONE: 2,
  FAILED: 2,
  CANCELLED: 2,
};
/** Which of two tellings of one export is the later: neither its steps nor its progress go back. */
const isBehind = (told: ExportTask, pushed: ExportTask) =>
  STEPS[told.status] < STEPS[pushed.status] ||
  (told.status === pushed.status && told.progress < pushed.progress);

/**
 * @param told the answer, newest export first
 * @param pushed what came since it was asked for, by id; what is later than the answer stays
 */
export function joinExports(
  told: readonly ExportTask[],
  pushed: ReadonlyMap<string, ExportTask>,
): ExportTask[] {
  const known = new Set(told.map(({ id }) => id));
  const begun = [...pushed.values()].filter(({ id }) => !known.has(id));
  return [
    ...begun.sort((a, b) => b.createdTime - a.createdTime),
    ...told.map((row) => {
      const later = pushed.get(row.id);
      return later && isBehind(row, later) ? later : row;
    }),
  ];
}
