/** The Chinese catalogue, and the shape that every other language must fill. */
import { admin } from './zh-CN/admin.js';
import { consultant } from './zh-CN/consultant.js';
import { desk } from './zh-CN/desk.js';
import { pages } from './zh-CN/pages.js';
import { shell } from './zh-CN/shell.js';

export const zhCN = { ...shell, ...desk, ...pages, ...consultant, ...admin };

/** The same keys, any words. */
export type Widen<T> = { [K in keyof T]: T[K] extends string ? string : Widen<T[K]> };
export type Catalogue = Widen<typeof zhCN>;
