/** Every row there is. */
import { consultantRows } from './consultant.js';
import { caseFileRows } from './case-files.js';
import { hotlineRows } from './hotline.js';
import { operationsRows } from './operations.js';
import { careRows } from './care.js';
import { houseRows } from './house.js';
import { oursRows } from './ours.js';
import type { Row } from './row.js';

export const rows: Row[] = [
  ...hotlineRows,
  ...consultantRows,
  ...oursRows,
  ...careRows,
  ...houseRows,
  ...operationsRows,
  ...caseFileRows,
];
