import type { PublicConfig } from '../../contract/config.js';
import { richTextOf } from '../../contract/rich-text.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { DOCUMENTED_CONSENT } from './consent-text.js';

/** Labels of document section 39, word for word; ours follow the documented ones. */
const LABELS = {
  conversationType: {
    REQUEST_SUPERVISE: '请求督导',
    COUNSELING_SESSION: '咨询会话',
  },
  userRoles: {
    ROLE_COUNSELOR: '咨询师',
    ROLE_SUPERVISOR: '督导',
    ROLE_INSTITUTION_ADMINISTRATOR: '机构管理员',
    ROLE_SYSTEM_ADMINISTRATOR: '系统管理员',
  },
  userType: { VISITOR: '访客', SUPERVISOR: '督导', COUNSELOR: '咨询师' },
  conversationStatus: {
    IN_PROGRESS: '进行中',
    TIME_OUT: '已超时',
    FINISHED: '已结束',
    WAITING: '等待中',
    CANCELLED: '已取消',
    EXPIRED: '无人接待',
  },
} satisfies Partial<PublicConfig>;

/**
 * What a client must know before it starts (document section 39): labels, consent text, limits (milliseconds),
 * crisis lines.
 * @param input institution of the link; left out = the caller's own, else the default one
 * @throws AppError NOT_FOUND for an institution that was named and is unknown
 */
export async function publicConfig(
  ctx: Pick<Ctx, 'models' | 'policies' | 'config'>,
  actor: Pick<Actor, 'institution'> | null,
  input: { institution?: string },
): Promise<PublicConfig> {
  const code = input.institution ?? actor?.institution ?? ctx.config.DEFAULT_INSTITUTION;
  const [institution, policy] = await Promise.all([
    ctx.models.Institution.findById(code).select({ name: 1 }).lean(),
    ctx.policies.get(code),
  ]);
  if (institution === null && input.institution !== undefined && code !== ctx.config.DEFAULT_INSTITUTION) {
    throw new AppError('NOT_FOUND', { message: '没有找到该机构，请核对链接。' });
  }
  return {
    conversationType: LABELS.conversationType,
    userRoles: LABELS.userRoles,
    counselor: { maxConsults: policy.maxConsults },
    information: richTextOf(policy.consentText ?? DOCUMENTED_CONSENT),
    userType: LABELS.userType,
    conversationStatus: LABELS.conversationStatus,
    consent: { version: policy.consentVersion, strict: policy.consent === 'strict' },
    // A fresh installation has no institution row yet and still answers.
    institution: { code, name: institution?.name ?? code },
    limits: { text: policy.textLimitMs, voice: policy.voiceLimitMs, waiting: policy.waitingLimitMs },
    emergency: policy.emergency,
    im: { sdkAppId: ctx.config.im?.sdkAppId ?? null, provider: ctx.config.IM_PROVIDER },
  };
}
