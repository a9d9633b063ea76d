/** Second document, 个人中心. */
import { z } from 'zod';
import {
  AvatarAnswer,
  Comment,
  ListComments,
  ProfileAnswer,
  UpdateProfile,
} from '../../../contract/consultant/profile.js';
import { AppError } from '../../../platform/errors.js';
import { readProfile, updateProfile } from '../../../services/consultant/profile.js';
import { listComments } from '../../../services/evaluation/comments.js';
import { setAvatar } from '../../../services/files/avatar.js';
import { MAX_IMAGE_BYTES } from '../../../services/files/image.js';
import { shownAvatar } from '../../../services/presenters/consultant.js';
import { route, type Route } from '../../route.js';

const base = { dialect: 'consultant', method: 'post', from: 'json', auth: ['COUNSELOR'] } as const;

export const consultantUserRoutes: Route[] = [
  route({
    ...base,
    section: 'user/comments',
    path: '/api/consuntant/user/comments',
    also: ['/api/consultant/user/comments'],
    summary: '获取客户对咨询师的评论',
    input: ListComments,
    answer: z.array(Comment),
    handle: ({ ctx, actor, input }) => listComments(ctx, actor, input),
  }),
  route({
    ...base,
    section: 'user/profile',
    path: '/api/consultant/user/profile',
    summary: '获取用户详情信息',
    input: z.object({}),
    answer: ProfileAnswer,
    handle: ({ ctx, actor }) => readProfile(ctx, actor),
  }),
  route({
    ...base,
    section: 'user/updateProfile',
    path: '/api/consultant/user/updateProfile',
    summary: '更新用户信息',
    input: UpdateProfile,
    answer: null,
    errors: ['CONFLICT'],
    handle: ({ ctx, actor, input }) => updateProfile(ctx, actor, input),
  }),
  route({
    ...base,
    section: 'updateAvatar',
    path: '/api/consultant/updateAvatar',
    summary: '更新用户头像',
    input: z.object({}),
    files: { fields: { avatar: 1 }, maxBytes: MAX_IMAGE_BYTES },
    answer: AvatarAnswer,
    errors: ['TOO_LARGE'],
    async handle({ ctx, actor, files }) {
      const file = files['avatar']?.[0];
      if (!file) throw new AppError('BAD_INPUT', { message: '请选择要上传的头像图片。' });
      const avatar = await setAvatar(ctx, actor, file.bytes);
      return { avatar: shownAvatar(ctx, { avatar }) };
    },
  }),
];
