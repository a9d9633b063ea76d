/** Files of a conversation over wx.uploadFile and wx.downloadFile. */
import type { Upload } from '../../contract/client.js';
import { parse } from './request.js';
import { settings } from './settings.js';

/** @returns the upload of the reference client; `body` of a file is its path on the phone */
export const createUpload =
  (token: () => string | undefined): Upload =>
  (path, file, { progress, signal }) =>
    new Promise((resolve, reject) => {
      const task = wx.uploadFile({
        url: settings.server + path,
        filePath: file.body as string,
        name: 'file',
        header: { authorization: `Bearer ${token() ?? ''}` },
        // WeChat names the file by its path; people know it by its name.
        formData: {
          kind: file.kind,
          name: file.name,
          ...(file.seconds === undefined ? {} : { seconds: String(file.seconds) }),
        },
        success: ({ statusCode, data }) => {
          resolve({ status: statusCode, body: parse(data) });
        },
        fail: ({ errMsg }) => {
          reject(new Error(errMsg));
        },
      });
      task.onProgressUpdate(({ progress: percent }) => {
        progress(percent / 100);
      });
      signal?.addEventListener('abort', () => {
        task.abort();
      });
    });

/** Attachments as paths on the phone: an image cannot be asked for with our rights in any other way. */
export function createFileLoader(token: () => string | undefined) {
  const kept = new Map<string, Promise<string>>();
  return {
    load(path: string): Promise<string> {
      const known = kept.get(path);
      if (known !== undefined) {
        return known;
      }
      const loading = new Promise<string>((resolve, reject) => {
        wx.downloadFile({
          url: settings.server + path,
          header: { authorization: `Bearer ${token() ?? ''}` },
          success: ({ statusCode, tempFilePath }) => {
            if (statusCode === 200) resolve(tempFilePath);
            else reject(new Error(String(statusCode)));
          },
          fail: ({ errMsg }) => {
            reject(new Error(errMsg));
          },
        });
      });
      kept.set(path, loading);
      loading.catch(() => kept.delete(path));
      return loading;
    },
    /** Temporary files are WeChat's to remove; by the quick exit they go at once. */
    forget() {
      const files = wx.getFileSystemManager();
      for (const loading of kept.values()) {
        loading.then(
          (filePath) => {
            files.unlink({ filePath, fail: () => undefined });
          },
          () => undefined,
        );
      }
      kept.clear();
    },
  };
}
