/** What the lists of the console have in common: its two sizes, the log-in, going from page to page. */
import { visit } from './people.mjs';

/** A list of one role: its walk is given `logIn` and `visit` besides the stage. */
export const listOf = (role, walk) => ({
  name: `console/${role}`,
  viewports: [
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
  ],
  scale: 1,
  form: 'webp',
  async walk(bare) {
    const open = [];
    const kept = (connected) => {
      open.push(connected);
      return connected;
    };
    const stage = {
      ...bare,
      kept,
      logIn: (login, shot) => logIn(bare, login, shot),
      visit: async (name) => kept(await visit(bare, name)),
    };
    try {
      await walk(stage);
    } finally {
      // One that is still connected would keep the run alive.
      for (const connected of open) connected.close();
    }
  },
});

async function logIn({ open, run, shoot }, { username, password }, shot) {
  const page = await open();
  await page.goto(run.consoleUrl);
  await page.getByTestId('login-username').fill(username);
  await page.getByTestId('login-password').fill(password);
  if (shot) await shoot(page, shot);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('console').waitFor();
  return page;
}

/** A page of the console by its name, with all that it asks the server for. */
export async function turnTo(page, name, more = '') {
  await page.evaluate(`location.hash = '#/${name}${more}'`);
  await page.locator(`[data-testid=nav-${name}][aria-current=page]`).waitFor();
  await isThere(page);
}

export async function isThere(page) {
  await page.locator('main .page, .workbench').first().waitFor();
  await isQuiet(page);
}

/** Nothing is on its way, and no notice lies over it. */
export async function isQuiet(page) {
  for (const busy of ['.skeletons', '.ant-spin-spinning', '.ant-message-notice'])
    await page.locator(`${busy} >> visible=true`).first().waitFor({ state: 'hidden' });
}

/** An option of a picker, by what it says. */
export async function choose(page, id, words) {
  const box = page.getByTestId(id).locator('input');
  await box.fill(words);
  await page.locator('.ant-select-item-option-active', { hasText: words }).waitFor({ state: 'attached' });
  await box.press('Enter');
}
