/**
 * Cells in which the product answers otherwise than the table says, as it does today. A finding is a fault that
 * somebody must mend: a cell that is right again must leave this list (rights.test.ts).
 */
import type { Outcome, Principal } from './principals.js';

export const findings: Record<string, Partial<Record<Principal, Outcome>>> = {};
