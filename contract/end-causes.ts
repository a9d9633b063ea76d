/**
 * The one table of end causes: every ending of a conversation carries exactly one of these. The code is for
 * statistics and other systems and never changes its meaning; the word is what our wire says.
 */
export interface EndCauseRow {
  /** Stable number: 1x a party, 2x the clock, 3x the institution, 4x follows another conversation. */
  code: number;
  /** The move of the status table (services/conversation/lifecycle.ts) that this ending is. */
  move: 'end' | 'expire' | 'time-out';
  /** What people read. */
  label: string;
}

const row = (code: number, move: EndCauseRow['move'], label: string): EndCauseRow => ({ code, move, label });

export const END_CAUSE_TABLE = {
  VISITOR_ENDED: row(10, 'end', '访客结束了会谈'),
  COUNSELOR_ENDED: row(11, 'end', '咨询师结束了会谈'),
  SUPERVISOR_ENDED: row(12, 'end', '督导结束了会谈'),
  VISITOR_LEFT_QUEUE: row(13, 'end', '访客离开了等待'),
  TIME_LIMIT: row(20, 'time-out', '会谈时间已到'),
  SILENCE: row(21, 'time-out', '长时间无人说话'),
  NOBODY_FREE: row(22, 'expire', '等待期限内没有空闲的咨询师'),
  ADMIN_ENDED: row(30, 'end', '管理员结束了会谈'),
  VISITOR_BANNED: row(31, 'end', '访客账号已被停用'),
  SESSION_ENDED: row(40, 'end', '所属的会谈已经结束'),
} as const satisfies Record<string, EndCauseRow>;

export type EndCause = keyof typeof END_CAUSE_TABLE;
export const END_CAUSES = Object.keys(END_CAUSE_TABLE) as [EndCause, ...EndCause[]];
