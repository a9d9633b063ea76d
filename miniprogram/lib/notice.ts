/** One notice of WeChat when somebody is ready; each consent to it is good for one. */
import { api } from './hotline.js';

/** The template of this mini-program; '' = the hotline sends none. */
export async function noticeTemplate(): Promise<string> {
  try {
    return (await api.get<{ template: string | null }>('/api/v1/me/notice')).template ?? '';
  } catch {
    return '';
  }
}

/** Must be called from a tap. @returns whether a notice will come */
export function askForNotice(template: string): Promise<boolean> {
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({
      tmplIds: [template],
      success: (answer) => {
        const accepted = (answer as unknown as Record<string, string>)[template] === 'accept';
        api.put('/api/v1/me/notice', { wanted: accepted }).then(
          () => {
            resolve(accepted);
          },
          () => {
            resolve(false);
          },
        );
      },
      fail: () => {
        resolve(false);
      },
    });
  });
}
