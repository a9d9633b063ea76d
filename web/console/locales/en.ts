import { admin } from './en/admin.js';
import { consultant } from './en/consultant.js';
import { desk } from './en/desk.js';
import { pages } from './en/pages.js';
import { shell } from './en/shell.js';
import type { Catalogue } from './zh-CN.js';

export const en: Catalogue = { ...shell, ...desk, ...pages, ...consultant, ...admin };
