/** HTTP as the reference client wants it, over wx.request: every answer resolves, no answer rejects. */
import type { Http, HttpAnswer } from '../../contract/client.js';
import { settings } from './settings.js';

export interface Answer extends HttpAnswer {
  header: Record<string, string>;
}

type Method = Parameters<Http>[0];

/** Longer than the server holds a waiting GET. */
const TIMEOUT_MS = 35_000;

/** @param token sent as Bearer; a mini-program keeps no cookies */
export const createRequest =
  (token: () => string | undefined) =>
  (method: Method, path: string, body?: unknown, options?: { signal?: AbortSignal }): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (method === 'PATCH') {
        reject(new Error('wx.request knows no PATCH'));
        return;
      }
      const bearer = token();
      const task = wx.request({
        url: settings.server + path,
        method,
        timeout: TIMEOUT_MS,
        header: {
          'content-type': 'application/json',
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        ...(body === undefined ? {} : { data: JSON.stringify(body) }),
        // Parsed below: WeChat's own parsing answers the bare text of whatever is no JSON.
        dataType: 'text',
        success: ({ statusCode, data, header }) => {
          resolve({ status: statusCode, body: parse(data), header });
        },
        fail: ({ errMsg }) => {
          reject(new Error(errMsg));
        },
      });
      options?.signal?.addEventListener('abort', () => {
        task.abort();
      });
    });

/** A proxy in between may answer with a page of its own; that is no answer of ours. */
export function parse(data: unknown): unknown {
  if (typeof data !== 'string') {
    return data;
  }
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}

/** Names of headers come in any case: devices and the developer tools differ. */
export const headerOf = (header: Record<string, string>, name: string): string | undefined =>
  Object.entries(header).find(([key]) => key.toLowerCase() === name)?.[1];
