/** One row of the table: a call, a right input for it, and what each of the callers must get. */
import type { Person } from '../../support/factories.js';
import type { Cells } from './principals.js';
import type { Scene } from './scene.js';
import type { Sent } from './send.js';

export interface Row {
  /** Method and path as the route has them. */
  call: string;
  /** Tells rows of one call apart. */
  of?: string;
  /**
   * A right input, with fresh rows where the call consumes them.
   * @param as who calls; null for nobody
   */
  build(scene: Scene, as: Person | null): Sent | Promise<Sent>;
  cells: Cells;
  /** `session`: the call ends its caller's session; `person`: it uses its caller up. */
  consumes?: 'session' | 'person';
  /** The right input asks something of the outside, or is answered with bytes: not sent with hostile values. */
  quiet?: true;
}

export const row = (
  call: string,
  cells: Cells,
  build: Row['build'] | Sent,
  more: Partial<Row> = {},
): Row => ({
  call,
  cells,
  build: typeof build === 'function' ? build : () => build,
  ...more,
});
