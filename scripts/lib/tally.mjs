/** The sum of all runs of `npm test`, ending in the one line that CI reads. */
import { relative } from 'node:path';

export function newTally() {
  return { passed: 0, failed: 0, skipped: [] };
}

/** Adds a result that is not jest's: a check, or a whole run that could not take place. */
export function addOne(tally, ok) {
  tally[ok ? 'passed' : 'failed'] += 1;
}

export function addSkipped(tally, what, reason) {
  tally.skipped.push(`${what}: ${reason}`);
}

/**
 * Adds jest's JSON report. A test file that could not even be loaded counts as one failure, and so does a run
 * without a report, since then jest itself fell over.
 */
export function addJestReport(tally, report, root) {
  if (!report) return addOne(tally, false);
  tally.passed += report.numPassedTests;
  tally.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      const why = REASONS[test.status];
      if (why) addSkipped(tally, `${relative(root, file.name)} › ${test.fullName}`, why);
    }
  }
}

// A test that is left out says why in its own title.
const REASONS = { pending: 'left out in its file', skipped: 'left out in its file', todo: 'not written yet' };

/** "12 passed, 0 failed", with ", 2 skipped" when there are any. */
export function closingLine({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`;
  return skipped.length ? `${line}, ${skipped.length} skipped` : line;
}

/** Nothing failed, and something passed: a run of nothing is a failure. */
export const isGreen = ({ passed, failed }) => failed === 0 && passed > 0;
