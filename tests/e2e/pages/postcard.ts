import { expect, type Locator } from '@playwright/test';
import type { Driver } from '../launch/driver.ts';
import { Conversation } from './conversation.ts';

export interface Account {
  readonly username: string;
  readonly password?: string;
  readonly displayName?: string;
  /** As it is typed; "This computer" without it. */
  readonly server?: string;
}

/** One running Postcard and what somebody does in it, by the roles and names of the interface contract. */
export class Postcard {
  readonly driver: Driver;
  readonly #gone: () => void;

  constructor(driver: Driver, gone: () => void) {
    this.driver = driver;
    this.#gone = gone;
  }

  get page() {
    return this.driver.page;
  }

  /** Ends it as a person would. */
  async close(): Promise<void> {
    this.#gone();
    await this.driver.close();
  }

  async kill(): Promise<void> {
    this.#gone();
    await this.driver.kill();
  }

  get welcome(): Locator {
    return this.page.getByRole('heading', { name: 'Welcome to Postcard', exact: true });
  }

  async fillWelcome(account: Account): Promise<void> {
    const box = (name: string) => this.page.getByRole('textbox', { name, exact: true });
    await expect(this.welcome).toBeVisible();
    await box('Username').fill(account.username);
    await box('Password').fill(account.password ?? 'secret-1');
    if (account.displayName !== undefined) await box('Display name').fill(account.displayName);
    if (account.server !== undefined) await box('Server').fill(account.server);
  }

  async createAccount(account: Account): Promise<void> {
    await this.fillWelcome(account);
    await this.page.getByRole('button', { name: 'Create account', exact: true }).click();
    await expect(this.conversations).toBeVisible();
  }

  /** Fills in and presses Sign in; the form for new accounts comes first. */
  async trySignIn(account: Account): Promise<void> {
    await expect(this.welcome).toBeVisible();
    if (await this.page.getByRole('textbox', { name: 'Display name', exact: true }).isVisible()) {
      await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    }
    await this.fillWelcome(account);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  get conversations(): Locator {
    return this.page.getByRole('list', { name: 'Conversations', exact: true });
  }

  row(name: string): Locator {
    return this.conversations.getByRole('listitem', { name, exact: true });
  }

  get status(): Locator {
    return this.page.getByRole('status');
  }

  async goTo(place: 'Inbox' | 'People' | 'Profile'): Promise<void> {
    await this.page.getByRole('link', { name: place, exact: true }).click();
  }

  /** Profile → More options → Settings and privacy → this part. */
  async openSettings(part: string): Promise<void> {
    await this.goTo('Profile');
    await this.page.getByRole('button', { name: 'More options', exact: true }).click();
    await this.page.getByRole('menuitem', { name: 'Settings and privacy', exact: true }).click();
    await this.page.getByRole('link', { name: part, exact: true }).click();
    await expect(this.page.getByRole('heading', { name: part, exact: true })).toBeVisible();
  }

  async openRequests(): Promise<void> {
    await this.goTo('Inbox');
    await this.page.getByRole('link', { name: 'Requests', exact: true }).click();
    await expect(this.page.getByRole('heading', { name: 'Requests', exact: true })).toBeVisible();
  }

  /** Inbox → Requests → somebody. The request is open then. */
  async openRequest(name: string): Promise<Conversation> {
    await this.openRequests();
    const list = this.page.getByRole('list', { name: 'Requests', exact: true });
    await list.getByRole('link', { name, exact: true }).click();
    return this.conversation(name);
  }

  /** Lets somebody in who asks for it. */
  async accept(name: string): Promise<Conversation> {
    const request = await this.openRequest(name);
    await this.page.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect(this.page.getByRole('button', { name: 'Accept', exact: true })).toHaveCount(0);
    return request;
  }

  async openConversation(name: string): Promise<Conversation> {
    await this.row(name).click();
    return this.conversation(name);
  }

  /** The one that is open. */
  async conversation(name: string): Promise<Conversation> {
    await expect(this.page.getByRole('heading', { name, exact: true })).toBeVisible();
    return new Conversation(this.page, name);
  }

  /** New chat → find → choose → Start chat. `name`: how the conversation is called then. */
  async newChat(find: string, name = find): Promise<Conversation> {
    await this.page.getByRole('button', { name: 'New chat', exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New chat', exact: true });
    await dialog.getByRole('searchbox', { name: 'Find people', exact: true }).fill(find);
    await dialog
      .getByRole('listbox', { name: 'People', exact: true })
      .getByRole('option')
      .filter({ hasText: find })
      .click();
    await dialog.getByRole('button', { name: 'Start chat', exact: true }).click();
    await expect(dialog).toBeHidden();
    return this.conversation(name);
  }
}
