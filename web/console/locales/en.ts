import { admin } from './en/admin.js';
import { care } from './en/care.js';
import { consultant } from './en/consultant.js';
import { desk } from './en/desk.js';
import { growth } from './en/growth.js';
import { house } from './en/house.js';
import { pages } from './en/pages.js';
import { policy } from './en/policy.js';
import { shell } from './en/shell.js';
import type { Catalogue } from './zh-CN.js';

export const en: Catalogue = {
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
