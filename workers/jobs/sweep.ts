/** What is looked at every two seconds, in this order. */
import { sweepDisabled } from '../../services/conversation/release.js';
import { sweepUnsealed } from '../../services/conversation/sweep.js';
import type { Ctx } from '../../services/context.js';
import { sweepExports } from '../../services/export/sweep.js';
import { sweepUnsent } from '../../services/files/attachment-erase.js';
import { reconcileIfEmptied } from '../../services/matchmaking/reconcile.js';
import { sweepSeats, sweepWaiting } from '../../services/matchmaking/sweep.js';
import { sweepOrders } from '../../services/order/follow.js';
import { sweepErasures } from '../../services/retention/erase.js';
import { sweepConnections } from '../../services/presence/connections.js';
import { sweepPresence } from '../../services/presence/duty.js';
import { sweepLost } from '../../services/presence/lost.js';
import { sweepBehind } from '../../services/message/behind.js';
import { sweepWrapUps } from '../../services/matchmaking/wrap-up.js';
import { sweepDeadlines } from '../../services/time/deadline.js';
import { markAlive } from '../../services/time/uptime.js';
import { sweepNotices } from '../../services/notice/deliver.js';
import { noteCalls } from '../../services/notice/calls.js';
import { relayEvents } from '../../services/notice/relay.js';
import { sweepIm } from './im.js';

export const sweeps: Record<string, (ctx: Ctx) => Promise<unknown>> = {
  alive: markAlive,
  emptied: reconcileIfEmptied,
  deadlines: sweepDeadlines,
  unsealed: sweepUnsealed,
  behind: sweepBehind,
  seats: sweepSeats,
  disabled: sweepDisabled,
  connections: sweepConnections,
  lost: sweepLost,
  presence: sweepPresence,
  'wrap-ups': sweepWrapUps,
  waiting: sweepWaiting,
  relay: relayEvents,
  calls: noteCalls,
  notices: sweepNotices,
  im: sweepIm,
  exports: sweepExports,
  orders: sweepOrders,
  erasures: sweepErasures,
  unsent: sweepUnsent,
};
