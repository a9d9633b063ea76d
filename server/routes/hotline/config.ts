import { PublicConfig } from '../../../contract/config.js';
import { z } from 'zod';
import { blankAsAbsent } from '../../../contract/common.js';
import { publicConfig } from '../../../services/config/public-config.js';
import { openRoute, type Route } from '../../route.js';

const ReadConfig = z
  .object({ institution: blankAsAbsent(z.string().max(64)).describe('institutionCode of the link') })
  .meta({ id: 'ReadConfig' });

export const configRoutes: Route[] = [
  openRoute({
    dialect: 'hotline',
    section: '39',
    method: 'get',
    path: '/config',
    summary: 'Labels, consent text, limits and crisis lines',
    from: 'query',
    input: ReadConfig,
    answer: PublicConfig,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => publicConfig(ctx, actor, input),
  }),
];
