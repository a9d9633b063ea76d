import type { WxPhone } from '../../contract/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { openField } from '../seal/fields.js';
import { findWeChatApp, type WeChatApp } from '../wechat/apps.js';
import { decryptPhone, isGenuine, PhoneInfo, phoneOf } from '../wechat/decrypt.js';
import { callWeChat } from '../wechat/token.js';

/** The document prints no words for a failure: the client asks the visitor to tap again. */
const failed = (cause?: unknown) => new AppError('THIRD_PARTY', { message: null, cause });

/**
 * The phone that a visitor let WeChat tell us (document section 7), by the older form of the button (data sealed
 * with the session_key of their last log-in) or by the newer one (a code of its own). It is answered, not stored:
 * the visitor may still correct it and saves it with section 18.
 * @throws AppError THIRD_PARTY, without words, for whatever goes wrong
 */
export async function readWeChatPhone(ctx: Ctx, actor: Actor, input: WxPhone): Promise<string> {
  const app = findWeChatApp(ctx.config, input.appid);
  const user = await ctx.models.User.findById(objectId(actor.id)).lean();
  if (!app || !user?.wechat?.startsWith(`${app.appid}:`)) throw failed();
  const info =
    input.code === undefined ? await decrypted(ctx, user, input) : await exchanged(ctx, app, input.code);
  if (!info || !isGenuine(info, app.appid, ctx.clock.now())) throw failed();
  return phoneOf(info);
}

async function decrypted(
  ctx: Ctx,
  user: { _id: { toHexString(): string }; institution: string; wechatSession?: Buffer },
  input: Pick<WxPhone, 'encryptedData' | 'iv'>,
): Promise<PhoneInfo | null> {
  const place = ['users', 'wechatSession', user._id.toHexString()] as const;
  const sessionKey = await openField(ctx, user.institution, place, user.wechatSession);
  const { encryptedData, iv } = input;
  if (sessionKey === null || encryptedData === undefined || iv === undefined) return null;
  return decryptPhone({ sessionKey, encryptedData, iv });
}

async function exchanged(ctx: Ctx, app: WeChatApp, code: string): Promise<PhoneInfo | null> {
  const answer = await callWeChat(ctx, app, '/wxa/business/getuserphonenumber', { code }).catch(
    (error: unknown) => {
      throw error instanceof AppError && error.word === 'THIRD_PARTY' ? failed(error) : error;
    },
  );
  if (answer.errcode) {
    ctx.log.info({ errcode: answer.errcode }, 'WeChat refused a phone code');
    return null;
  }
  return PhoneInfo.safeParse(answer.phone_info).data ?? null;
}
