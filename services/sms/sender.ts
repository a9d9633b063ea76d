/** SMS: one interface; Tencent Cloud SMS over its official SDK is the built-in one; null where none is set up. */
import type { Config } from '../../platform/config.js';
import { createTencentSms } from './tencent.js';

export interface SmsSender {
  /**
   * @param phone digits; a mainland number without country code
   * @throws AppError THIRD_PARTY when it was not taken
   */
  sendCode(phone: string, code: string, minutes: number): Promise<void>;
  /**
   * @param phone digits; a foreign number with plus and country code
   * @param template id of an approved template without parameters
   * @throws AppError THIRD_PARTY when it was not taken
   */
  sendNotice(phone: string, template: string): Promise<void>;
}

export function createSmsSender(config: Config): SmsSender | null {
  return config.SMS_SECRET_ID ? createTencentSms(config) : null;
}
