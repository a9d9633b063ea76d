/** Figures of the consoles' first page (document sections 30–33). */

/** One day of section 30; YYYY-MM-DD in Asia/Shanghai. */
export interface DayCount {
  date: string;
  count: number;
}

/** Section 31: sessions begun this month. */
export interface NumberRank {
  /** The counselor's id. */
  counselor: string;
  name: string | null;
  count: number;
  /** 1 = highest; equal figures share a rank, the next one is as if they did not. */
  rank: number;
}

/** Section 32: this month's ratings. */
export interface RatedRank extends NumberRank {
  /** Mean level, two decimals. */
  average: number;
}

/** Section 33. */
export interface TodayChange {
  today: number;
  /** Until the same time of yesterday. */
  yesterday: number;
  change: number;
  /** change / yesterday; null when that was 0. */
  rate: number | null;
}
