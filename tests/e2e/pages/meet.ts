import { expect } from '@playwright/test';
import type { Conversation } from './conversation.ts';
import type { Postcard } from './postcard.ts';

/**
 * Two people who are strangers get to know each other: the first finds the second and writes, the second accepts the
 * request and answers. Gives the conversation of each, open.
 */
export async function meet(
  a: { app: Postcard; name: string },
  b: { app: Postcard; name: string },
): Promise<[Conversation, Conversation]> {
  const atA = await a.app.newChat(b.name);
  await atA.write(`Hello ${b.name}`);
  await b.app.accept(a.name);
  await b.app.goTo('Inbox');
  const atB = await b.app.openConversation(a.name);
  await expect(atB.message(`Hello ${b.name}`)).toBeVisible();
  await atB.write(`Hello ${a.name}`);
  await expect(atA.message(`Hello ${a.name}`)).toBeVisible();
  return [atA, atB];
}
