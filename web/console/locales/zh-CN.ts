/** The Chinese catalogue, and the shape that every other language must fill. */
import { admin } from './zh-CN/admin.js';
import { care } from './zh-CN/care.js';
import { consultant } from './zh-CN/consultant.js';
import { desk } from './zh-CN/desk.js';
import { growth } from './zh-CN/growth.js';
import { house } from './zh-CN/house.js';
import { pages } from './zh-CN/pages.js';
import { policy } from './zh-CN/policy.js';
import { shell } from './zh-CN/shell.js';

export const zhCN = {
  ...shell,
  ...desk,
  ...pages,
  ...consultant,
  ...admin,
  ...care,
  ...growth,
  ...house,
  ...policy,
};

/** The same keys, any words. */
export type Widen<T> = { [K in keyof T]: T[K] extends string ? string : Widen<T[K]> };
export type Catalogue = Widen<typeof zhCN>;
