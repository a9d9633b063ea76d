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
  return {
    async sendCode(phone, code, minutes) {
      try {
        const answer = await client.SendSms({
          SmsSdkAppId: config.SMS_APP_ID,
          SignName: config.SMS_SIGN,
          TemplateId: config.SMS_TEMPLATE,
          PhoneNumberSet: [phone.length === 11 ? `+86${phone}` : `+${phone}`],
          TemplateParamSet: [code, String(minutes)],
        });
        const status = answer.SendStatusSet?.[0];
        // HTTP says only that the call was understood; whether it was sent stands in the status.
        if (status?.Code !== 'Ok') throw new Error(`Tencent SMS: ${status?.Code ?? 'no status'}`);
      } catch (cause) {
        throw new AppError('THIRD_PARTY', { message: '短信暂时发不出去，请稍后重试或改用邮箱。', cause });
      }
    },
  };
}

function addressOf(url: string): { endpoint?: string; protocol?: string } {
  if (!url) return {};
  const { host, protocol } = new URL(url);
  return { endpoint: host, protocol: `${protocol}//` };
}
