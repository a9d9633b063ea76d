/** Second document, 咨询记录 and 个人档案; and the pictures that they name. */
import { z } from 'zod';
import { lenientNumber } from '../../../contract/common.js';
import {
  ConsultationRow,
  CreateConsultation,
  PersonalProfileAnswer,
  UpdateConsultation,
} from '../../../contract/consultant/consultation.js';
import { RecordId } from '../../../contract/consultant/record.js';
import { MAX_IMAGE_BYTES } from '../../../services/files/image.js';
import {
  createConsultation,
  listConsultations,
  updateConsultation,
} from '../../../services/record/consultations.js';
import { readPersonalProfile } from '../../../services/record/personal-profile.js';
import { PICTURE_PATH, readPicture } from '../../../services/record/pictures.js';
import { openRoute, route, type Route, type UploadedFile } from '../../route.js';

const base = { dialect: 'consultant', method: 'post', from: 'json', auth: ['COUNSELOR'] } as const;
const pictures = { fields: { signatureImage: 1, attachImages: 9 }, maxBytes: MAX_IMAGE_BYTES };
/** A form that leaves the file out sends an empty one. */
const picturesOf = (files: Partial<Record<string, UploadedFile[]>>) => {
  const of = (field: string) =>
    (files[field] ?? []).map(({ bytes }) => bytes).filter(({ length }) => length > 0);
  return { signature: of('signatureImage')[0] ?? null, attachments: of('attachImages') };
};

export const consultantConsultationRoutes: Route[] = [
  route({
    ...base,
    section: 'interview/records/profile',
    path: '/api/consultant/interview/records/profile',
    summary: '获取咨询档案的详细咨询记录',
    input: RecordId,
    answer: z.array(ConsultationRow),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listConsultations(ctx, actor, input.id),
  }),
  route({
    ...base,
    section: 'interview/records/profile/create',
    path: '/api/consultant/interview/records/profile/create',
    summary: '新建一条咨询记录',
    userID: 'optional',
    input: CreateConsultation,
    files: pictures,
    answer: null,
    errors: ['NOT_FOUND', 'TOO_LARGE'],
    async handle({ ctx, actor, input, files }) {
      await createConsultation(ctx, actor, input, picturesOf(files));
    },
  }),
  route({
    ...base,
    section: 'interview/records/profile/update',
    path: '/api/consultant/interview/records/profile/update',
    summary: '更新一条咨询记录',
    userID: 'optional',
    input: UpdateConsultation,
    files: pictures,
    answer: null,
    errors: ['NOT_FOUND', 'CONFLICT', 'TOO_LARGE'],
    handle: ({ ctx, actor, input, files }) => updateConsultation(ctx, actor, input, picturesOf(files)),
  }),
  route({
    ...base,
    section: 'interview/records/personal-profile',
    path: '/api/consultant/interview/records/personal-profile',
    summary: '获取个人档案',
    userID: 'optional',
    input: RecordId,
    answer: PersonalProfileAnswer,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readPersonalProfile(ctx, actor, input.id),
  }),
  openRoute({
    dialect: 'ours',
    section: '4',
    method: 'get',
    path: `${PICTURE_PATH}/{id}/{name}`,
    summary: '咨询记录的图片（签名地址，1小时内有效）',
    from: 'query',
    input: z.object({
      id: lenientNumber.pipe(z.number().int()).describe('Of the consultation record'),
      name: z.string().max(64).describe('Of the picture'),
      expires: lenientNumber.describe('Until when the address is good; epoch milliseconds'),
      signature: z.string().max(64).describe('What makes the address ours'),
    }),
    answer: 'bytes',
    errors: ['NOT_FOUND'],
    async handle({ ctx, input, reply }) {
      await reply.send({ type: 'image/webp', body: await readPicture(ctx, input) });
    },
  }),
];
