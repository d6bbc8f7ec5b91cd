import { expect, type Locator } from '@playwright/test';
import type { Postcard } from './postcard.ts';

/** The people page and the profiles that open from it. */
export class People {
  readonly #app: Postcard;

  constructor(app: Postcard) {
    this.#app = app;
  }

  get #page() {
    return this.#app.page;
  }

  get search(): Locator {
    return this.#page.getByRole('searchbox', { name: 'Find people', exact: true });
  }

  get list(): Locator {
    return this.#page.getByRole('list', { name: 'People', exact: true });
  }

  item(name: string): Locator {
    return this.list.getByRole('listitem', { name, exact: true });
  }

  async open(list?: 'Friends' | 'Following' | 'Followers' | 'Follow requests'): Promise<void> {
    await this.#app.goTo('People');
    if (list) await this.#page.getByRole('tab', { name: list, exact: true }).click();
  }

  /** Finds somebody and opens the profile. */
  async openProfile(name: string): Promise<void> {
    await this.open();
    await this.search.fill(name);
    await this.item(name).click();
    await expect(this.#page.getByRole('heading', { name, exact: true })).toBeVisible();
  }

  button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true });
  }

  async follow(name: string): Promise<void> {
    await this.openProfile(name);
    await this.button('Follow').click();
  }

  /** Profile → Edit profile: what is given is changed. */
  async edit(given: {
    name?: string;
    bio?: string;
    interests?: string;
    link?: string;
    isPrivate?: boolean;
    picture?: string;
  }): Promise<void> {
    await this.#app.goTo('Profile');
    await this.button('Edit profile').click();
    const dialog = this.#page.getByRole('dialog', { name: 'Edit profile', exact: true });
    const fill = async (label: string, text: string | undefined) => {
      if (text !== undefined) await dialog.getByRole('textbox', { name: label, exact: true }).fill(text);
    };
    await fill('Display name', given.name);
    await fill('About you', given.bio);
    await fill('Interests', given.interests);
    await fill('Link', given.link);
    if (given.isPrivate !== undefined)
      await dialog.getByRole('switch', { name: 'Private profile', exact: true }).setChecked(given.isPrivate);
    if (given.picture !== undefined) {
      const chooser = this.#page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: /^Choose (a|another) picture$/ }).click();
      await (await chooser).setFiles(given.picture);
    }
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(dialog).toBeHidden();
  }
}
