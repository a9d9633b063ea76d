/** What is looked at every five seconds, apart from the sweeps: it may take longer, and no deadline waits for it. */
import { liftBans } from '../../services/account/ban.js';
import type { Ctx } from '../../services/context.js';
import { sweepRetention } from '../../services/retention/purge.js';
import { remindFollowUps } from '../../services/risk/follow-up.js';
import { rollUp } from '../../services/statistics/rollup.js';

export const chores: Record<string, (ctx: Ctx) => Promise<unknown>> = {
  rollups: rollUp,
  retention: sweepRetention,
  'follow-ups': remindFollowUps,
  bans: liftBans,
};
