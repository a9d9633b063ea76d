/** What an institution's admin keeps in order, and what only the system admin sees. */
import { isThere, listOf, turnTo } from './console.mjs';
import { signIn } from './people.mjs';

export const admin = listOf('admin', walk);

async function walk(stage) {
  const { shoot, run } = stage;
  await labelled(stage);
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
  await system.getByTestId('which-house').click();
  await system.locator('.ant-select-item-option').first().waitFor();
  await shoot(system, 'which-house');
  await system.keyboard.press('Escape');
  await turnTo(system, 'records');
  await isThere(system);
  await shoot(system, 'records');
  await filtered(system, shoot);
}

/** Sessions that carry labels of their institution, and some that are recorded as what they were. */
async function labelled(stage) {
  const { call } = await signIn(stage, stage.run.demo.institutionAdmins[0]);
  const { result: labels } = await call('GET', '/api/v1/tags');
  const { result: past } = await call('GET', '/conversation/consultlist?size=6&status=FINISHED');
  for (const [at, { id }] of past.entries())
    await call('PUT', `/api/v1/conversations/${id}/tags`, { tag: labels[at % labels.length], on: true });
  const counselor = await signIn(stage, stage.run.demo.counselors[0]);
  const { result: own } = await counselor.call('GET', '/conversation/consultlist?size=5&status=FINISHED');
  for (const { id } of own)
    await counselor.call('PUT', `/api/v1/conversations/${id}/record`, {
      ...{ disposition: 'COUNSELING', noBand: 'NOT_INDICATED', template: 'hotline-1' },
      fields: { complaint: '失眠三周，考研压力', course: '一起看了作息，约定睡前一小时不看手机。' },
    });
}

/** Records by label, by kind of contact and of the one counselor whose figure was opened. */
async function filtered(page, shoot) {
  const by = (id) => page.getByTestId(id);
  await by('filter-tag').click();
  await page.locator('.ant-select-item-option').first().waitFor();
  await shoot(page, 'records-labels');
  await page.keyboard.press('Escape');
  await turnTo(page, 'reports');
  await by('report-counselor').first().click();
  await isThere(page);
  await shoot(page, 'records-of-a-counselor');
  await turnTo(page, 'reports');
  await turnTo(page, 'records', '?disposition=COUNSELING');
  await by('record-open').first().waitFor();
  await isThere(page);
  await shoot(page, 'records-of-a-kind');
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
