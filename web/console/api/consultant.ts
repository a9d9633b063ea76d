/**
 * The consultant API (second document) from the console: POST, `userID` in the body, the session by cookie, HTTP 200
 * with the number in `code`.
 */
import { ApiError, exchange } from './http.js';

interface Answer {
  code?: number;
  message?: string | null;
  data?: unknown;
}

function dataOf<T>(status: number, answer: Answer): T {
  const { code, message, data } = answer;
  if (code === 0) return data as T;
  const kind =
    code === 401 ? 'signed-out' : code === 403 ? 'forbidden' : code === 429 ? 'limited' : 'refused';
  throw new ApiError(
    code === 500 || code === undefined ? 'server' : kind,
    status,
    code ?? null,
    message ?? '',
  );
}

/** @param path below /api/consultant/ */
export async function consult<T>(
  userID: number,
  path: string,
  body: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<T> {
  const { status, envelope } = await exchange('POST', `/api/consultant/${path}`, {
    body: { userID, ...body },
    ...(signal ? { signal } : {}),
  });
  return dataOf<T>(status, envelope);
}

/** One file, as the document's multipart calls take it. */
export async function upload(userID: number, path: string, file: File): Promise<void> {
  const form = new FormData();
  form.set('userID', String(userID));
  form.set('files', file, file.name);
  const answer = await fetch(`/api/consultant/${path}`, { method: 'POST', body: form }).catch(() => null);
  if (!answer) throw new ApiError('network', 0, null, '');
  dataOf(answer.status, (await answer.json()) as Answer);
}

/** Saves what interview/download answers: one file, or a zip of several. */
export async function download(userID: number, fileNames: string[]): Promise<void> {
  const answer = await fetch('/api/consultant/interview/download', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userID, fileNames }),
  }).catch(() => null);
  if (!answer) throw new ApiError('network', 0, null, '');
  if (answer.headers.get('content-type')?.includes('json')) {
    dataOf(answer.status, (await answer.json()) as Answer);
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = fileNames.length === 1 ? (fileNames[0] ?? '') : '模板文件.zip';
  link.click();
  URL.revokeObjectURL(link.href);
}
