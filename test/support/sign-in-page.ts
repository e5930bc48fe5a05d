/** What a person does on the playground's sign-in page, after it was opened in the browser. */
import type { Page } from 'playwright-core';
import type { Announcement } from '../../scripts/playground.ts';

/** Signs in with the practice account, consents, and waits for the landing page. */
export async function signInAsPractice(page: Page, { user }: Announcement): Promise<void> {
  await page.getByLabel('User name').fill(user.username);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('You can close this tab').waitFor();
}
