import { z } from 'zod';
import { AppError } from '../../platform/errors.js';
import { snapshotQueue } from '../../services/matchmaking/snapshot.js';
import { handler, type Handlers } from '../handler.js';

export const queueHandlers: Handlers = {
  'queue:watch': handler(z.strictObject({}), (ctx, socket) => {
    const { principal } = socket.data;
    if (principal.role === 'VISITOR') throw new AppError('FORBIDDEN');
    return snapshotQueue(ctx, principal.institution);
  }),
};
