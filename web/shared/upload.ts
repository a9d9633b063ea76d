/** Multipart upload with progress, which fetch can't tell. */
import type { Upload } from '../../contract/client.js';

export function createUpload(token?: () => string | undefined): Upload {
  return (path, file, { progress, signal }) =>
    new Promise((resolve, reject) => {
      const form = new FormData();
      form.set('kind', file.kind);
      if (file.seconds !== undefined) {
        form.set('seconds', String(file.seconds));
      }
      form.set('file', file.body as Blob, file.name);
      const request = new XMLHttpRequest();
      request.open('POST', path);
      const bearer = token?.();
      if (bearer !== undefined) {
        request.setRequestHeader('authorization', `Bearer ${bearer}`);
      }
      const fail = () => {
        reject(new Error('upload ended'));
      };
      request.upload.onprogress = ({ loaded, total }) => {
        progress(total === 0 ? 0 : loaded / total);
      };
      request.onload = () => {
        let body: unknown = null;
        try {
          body = JSON.parse(request.responseText);
        } catch {
          // A proxy's own page is no answer of ours.
        }
        resolve({ status: request.status, body });
      };
      request.onerror = fail;
      request.onabort = fail;
      signal?.addEventListener('abort', () => {
        request.abort();
      });
      request.send(form);
    });
}
