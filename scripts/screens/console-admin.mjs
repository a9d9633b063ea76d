/** What an institution's admin keeps in order, and what only the system admin sees. */
import { isThere, listOf, turnTo } from './console.mjs';

export const admin = listOf('admin', walk);

async function walk(stage) {
  const { shoot, run } = stage;
  const page = await stage.logIn(run.demo.institutionAdmins[0]);
  const by = (id) => page.getByTestId(id);
  await turnTo(page, 'records');
  await page.locator('tbody .ant-table-selection-column label').nth(2).click();
  await by('export').click();
  await by('export-confirm').waitFor();
  await shoot(page, 'export-form');
  await by('export-confirm').click();
  await by('export-download').first().waitFor();
  await isThere(page);
  await shoot(page, 'admin-exports');
  await turnTo(page, 'staff');
  await by('staff-edit').first().waitFor();
  await isThere(page);
  await shoot(page, 'staff');
  await by('staff-edit').first().click();
  await by('staff-save').waitFor();
  await shoot(page, 'staff-form');
  await page.keyboard.press('Escape');
  await turnTo(page, 'policies');
  await shoot(page, 'policies');
  await by('word-rules').scrollIntoViewIfNeeded();
  await shoot(page, 'policies-words', () => by('word-rules').scrollIntoViewIfNeeded());
  await turnTo(page, 'reports');
  await by('report').locator('svg').first().waitFor();
  await by('staffing').locator('[role=img] svg').first().waitFor();
  await isThere(page);
  await shoot(page, 'reports');
  await shoot(page, 'reports-staffing', () => by('staffing').scrollIntoViewIfNeeded());
  await turnTo(page, 'house');
  await by('audit-check').click();
  await by('audit-verdict').waitFor();
  await shoot(page, 'audit');
  await by('tab-retention').click();
  await by('retention-save').waitFor();
  await isThere(page);
  await shoot(page, 'retention');
  await by('hold-open').click();
  await by('whose-confirm').waitFor();
  await shoot(page, 'legal-hold-form');
  await page.keyboard.press('Escape');
  await webhook(page, shoot);

  const system = await stage.logIn(run.demo.admin);
  await turnTo(system, 'house');
  await system.getByTestId('tab-tencent').click();
  await system.getByTestId('im-compare').waitFor();
  await isThere(system);
  await shoot(system, 'tencent');
  await system.getByTestId('tab-health').click();
  await system.getByTestId('health').waitFor();
  await isThere(system);
  await shoot(system, 'health');
  await system.getByTestId('tab-consent').click();
  await system.getByTestId('consent-write').waitFor();
  await isThere(system);
  await shoot(system, 'consent-texts');
  await turnTo(system, 'records');
  await isThere(system);
  await shoot(system, 'records');
}

async function webhook(page, shoot) {
  const by = (id) => page.getByTestId(id);
  await by('tab-webhooks').click();
  await by('webhook-add').click();
  await by('webhook-url').fill('https://hooks.example.com/hotline');
  await shoot(page, 'webhook-form');
  await by('webhook-save').click();
  await by('webhook-secret').waitFor();
  await page.getByRole('button', { name: '我已保存' }).click();
  await page.getByRole('cell', { name: 'https://hooks.example.com/hotline' }).waitFor();
  await isThere(page);
  await shoot(page, 'webhooks');
}
