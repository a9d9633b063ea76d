/** Tencent Cloud SMS (SendSms 2021-01-11) over the official SDK. */
import tencent from 'tencentcloud-sdk-nodejs-sms';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';
import type { SmsSender } from './sender.js';

const TIMEOUT_S = 10;

export function createTencentSms(config: Config): SmsSender {
  const client = new tencent.sms.v20210111.Client({
    credential: { secretId: config.SMS_SECRET_ID, secretKey: config.SMS_SECRET_KEY },
    region: config.SMS_REGION,
    profile: { httpProfile: { reqTimeout: TIMEOUT_S, ...addressOf(config.SMS_URL) } },
  });
  async function send(phone: string, template: string, parameters: string[]): Promise<void> {
    try {
      const answer = await client.SendSms({
        SmsSdkAppId: config.SMS_APP_ID,
        SignName: config.SMS_SIGN,
        TemplateId: template,
        PhoneNumberSet: [numberOf(phone)],
        TemplateParamSet: parameters,
      });
      const status = answer.SendStatusSet?.[0];
      // HTTP says only that the call was understood; whether it was sent stands in the status.
      if (status?.Code !== 'Ok') throw new Error(`Tencent SMS: ${status?.Code ?? 'no status'}`);
    } catch (cause) {
      throw new AppError('THIRD_PARTY', { message: '短信暂时发不出去，请稍后重试或改用邮箱。', cause });
    }
  }
  return {
    sendCode: (phone, code, minutes) => send(phone, config.SMS_TEMPLATE, [code, String(minutes)]),
    sendNotice: (phone, template) => send(phone, template, []),
  };
}

/** A number without country code is a mainland one. */
function numberOf(phone: string): string {
  if (phone.startsWith('+')) return phone;
  return phone.length === 11 ? `+86${phone}` : `+${phone}`;
}

function addressOf(url: string): { endpoint?: string; protocol?: string } {
  if (!url) return {};
  const { host, protocol } = new URL(url);
  return { endpoint: host, protocol: `${protocol}//` };
}
