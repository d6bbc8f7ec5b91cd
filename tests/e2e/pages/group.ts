import { expect, type Locator, type Page } from '@playwright/test';
import type { Conversation } from './conversation.ts';
import type { Postcard } from './postcard.ts';

/** New chat → several people → Group name → Create group; the group is open then. */
export async function createGroup(
  app: Postcard,
  name: string,
  people: readonly string[],
): Promise<Conversation> {
  const { page } = app;
  await page.getByRole('button', { name: 'New chat', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'New chat', exact: true });
  for (const person of people) {
    await dialog.getByRole('searchbox', { name: 'Find people', exact: true }).fill(person);
    await dialog
      .getByRole('listbox', { name: 'People', exact: true })
      .getByRole('option')
      .filter({ hasText: person })
      .click();
  }
  await dialog.getByRole('textbox', { name: 'Group name', exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Create group', exact: true }).click();
  await expect(dialog).toBeHidden();
  return app.conversation(name);
}

/** Requests → the invitation → Accept; the group is open then. */
export async function acceptInvitation(app: Postcard, name: string): Promise<Conversation> {
  await app.openRequests();
  const list = app.page.getByRole('list', { name: 'Invitations', exact: true });
  await list.getByRole('link', { name, exact: true }).click();
  await app.page.getByRole('button', { name: 'Accept', exact: true }).click();
  return app.conversation(name);
}

/** Members of the group that is open. */
export class Members {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get dialog(): Locator {
    return this.#page.getByRole('dialog', { name: 'Members', exact: true });
  }

  async open(): Promise<this> {
    await this.#page.getByRole('button', { name: 'Members', exact: true }).click();
    await expect(this.dialog).toBeVisible();
    return this;
  }

  member(name: string): Locator {
    return this.dialog.getByRole('listitem', { name, exact: true });
  }

  /** Member options → this one. */
  async choose(name: string, action: string): Promise<void> {
    await this.member(name).getByRole('button', { name: 'Member options', exact: true }).click();
    await this.#page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  /** The dialog that asks once more. */
  async confirm(action: string): Promise<void> {
    const asked = this.#page.getByRole('dialog').last();
    await asked.getByRole('button', { name: action, exact: true }).click();
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await expect(this.dialog).toBeHidden();
  }
}
