/** The phone that WeChat tells by its button, in whichever form this WeChat speaks. */
import { api } from './hotline.js';
import { settings } from './settings.js';

export interface PhoneButton {
  errMsg: string;
  /** The newer form: a code for the server. */
  code?: string;
  /** The older form: sealed with the session key of our last wx.login. */
  encryptedData?: string;
  iv?: string;
}

/** @returns '' when the person said no, or WeChat did not tell */
export async function phoneOf({ code, encryptedData, iv }: PhoneButton): Promise<string> {
  const forms = [
    ...(code === undefined || code === '' ? [] : [{ code }]),
    ...(encryptedData === undefined || iv === undefined ? [] : [{ encryptedData, iv }]),
  ];
  for (const form of forms) {
    try {
      return await api.post<string>(`/wx/user/${settings.appid}/phone`, form);
    } catch {
      // An account that may not use the one form may use the other.
    }
  }
  return '';
}
