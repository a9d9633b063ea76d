/**
 * Cells in which the product answers otherwise than the table says, as it does today. A finding is a fault that
 * somebody must mend: a cell that is right again must leave this list (rights.test.ts).
 */
import type { Outcome, Principal } from './principals.js';

export const findings: Record<string, Partial<Record<Principal, Outcome>>> = {
  // The stand-in database knows no positional `$` in findOneAndUpdate (arrayFilters it knows): an internal fault.
  'POST /api/v1/supervisions/{id}/accept': { supervisorCalled: 500 },
  'POST /api/v1/supervisions/{id}/decline': { supervisorCalled: 500 },
  'POST /api/v1/supervisions/{id}/leave': { supervisorCalled: 500 },
};
