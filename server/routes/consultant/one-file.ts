import { AppError } from '../../../platform/errors.js';
import type { UploadedFile } from '../../route.js';

/** @throws AppError BAD_INPUT when the form carried no file called `files` */
export function oneFile(files: Partial<Record<string, UploadedFile[]>>): UploadedFile {
  const file = files['files']?.[0];
  if (!file) throw new AppError('BAD_INPUT', { message: '请选择要上传的文件。' });
  return file;
}
