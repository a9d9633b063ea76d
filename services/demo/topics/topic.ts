/** The shape of the demo's dialogue templates. All of them are written for the demo; none is taken from anybody. */

/** One exchange. Each entry is a variant; `|` parts it into several bubbles, `{name}` is filled from `words`. */
export interface Beat {
  visitor: string[];
  counselor: string[];
}

export interface Topic {
  key: string;
  /** How often it comes up, relative to the others. */
  weight: number;
  /** Told with the crisis card; never explicit. */
  sensitive?: true;
  /** The visitor's first words. */
  opening: string[];
  /** Told in this order; some are left out. */
  beats: Beat[];
  /** What the counselor offers towards the end. */
  offer: string[];
  words?: Record<string, string[]>;
}

export const beat = (visitor: string[], counselor: string[]): Beat => ({ visitor, counselor });
