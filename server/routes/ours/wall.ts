/** The live wall (ours): the same as the event `wall:watch`, for a look by HTTP. */
import { ReadWall, Wall } from '../../../contract/wall.js';
import { readWall } from '../../../services/wall/wall.js';
import { route } from '../../route.js';

export const wallRoutes = [
  route({
    dialect: 'ours',
    section: 'wall',
    method: 'get',
    path: '/api/v1/wall',
    summary: '督导大屏：进行中的会话、等待者与四盏灯',
    auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: ReadWall,
    answer: Wall,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readWall(ctx, actor, input.institution),
  }),
];
