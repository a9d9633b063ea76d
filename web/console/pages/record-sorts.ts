import type { CONSULT_SORTS } from '../../../contract/conversation.js';

type Sort = (typeof CONSULT_SORTS)[number];

/** The sorts of document section 28 by column; a type-only look at the contract keeps its schemas out of the page. */
const SORTS = {
  level: true,
  startTime: true,
  endTime: true,
  duration: true,
  createdTime: true,
  visitorName: true,
  counselorName: true,
} as const satisfies Record<Sort, true>;

export const sortOf = (column: string): Sort => (column in SORTS ? (column as Sort) : 'createdTime');
