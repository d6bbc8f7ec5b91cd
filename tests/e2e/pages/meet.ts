import { expect } from '@playwright/test';
import type { Conversation } from './conversation.ts';
import type { Postcard } from './postcard.ts';

/**
 * Two people get to know each other: the first finds the second and writes, the second accepts a request where
 * there is one, and answers. Gives the conversation of each, open.
 */
export async function meet(
  a: { app: Postcard; name: string },
  b: { app: Postcard; name: string },
): Promise<[Conversation, Conversation]> {
  const atA = await a.app.newChat(b.name);
  await atA.write(`Hello ${b.name}`);
  const row = b.app.row(a.name);
  const requests = b.app.page.getByRole('link', { name: 'Requests', exact: true });
  await expect(row.or(requests).first()).toBeVisible();
  if (!(await row.isVisible())) {
    await requests.click();
    await b.app.page.getByText(a.name, { exact: true }).first().click();
    await b.app.page.getByRole('button', { name: 'Accept', exact: true }).click();
    await b.app.goTo('Inbox');
  }
  const atB = await b.app.openConversation(a.name);
  await expect(atB.message(`Hello ${b.name}`)).toBeVisible();
  await atB.write(`Hello ${a.name}`);
  await expect(atA.message(`Hello ${a.name}`)).toBeVisible();
  return [atA, atB];
}
