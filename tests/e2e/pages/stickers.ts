import { expect, type Locator, type Page } from '@playwright/test';

/** The picker's second tab, and the dialogs it leads to. */
export class Stickers {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get picker(): Locator {
    return this.page.getByRole('dialog', { name: 'Emoji and stickers', exact: true });
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', { name, exact: true });
  }

  /** A sticker in the conversation. */
  shown(name: string): Locator {
    return this.page.getByRole('log').getByRole('img', { name, exact: true });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Emoji and stickers', exact: true }).click();
    await this.picker.getByRole('tab', { name: 'Stickers', exact: true }).click();
    await expect(this.picker.getByRole('button', { name: 'Manage packs', exact: true })).toBeVisible();
  }

  async send(name: string): Promise<void> {
    await this.open();
    await this.picker.getByRole('button', { name, exact: true }).first().click();
    await expect(this.picker).toBeHidden();
  }

  async manage(): Promise<Locator> {
    await this.open();
    await this.picker.getByRole('button', { name: 'Manage packs', exact: true }).click();
    return this.dialog('Sticker packs');
  }

  /** Message actions of the message with this sticker → this one. */
  async chooseAction(name: string, action: string): Promise<void> {
    const message = this.page
      .getByRole('article')
      .filter({ has: this.page.getByRole('img', { name, exact: true }) });
    await message.last().hover();
    await message.last().getByRole('button', { name: 'Message actions', exact: true }).click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  /** A photo up to the point where it is cut out. */
  async cutOut(file: string): Promise<Locator> {
    await this.open();
    await this.picker.getByRole('button', { name: 'Make a sticker', exact: true }).click();
    const dialog = this.dialog('Make a sticker');
    const chooser = this.page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a photo', exact: true }).click();
    await (await chooser).setFiles(file);
    await dialog.getByRole('button', { name: 'Next', exact: true }).click();
    await expect(dialog.getByRole('button', { name: 'Add to pack', exact: true })).toBeVisible();
    return dialog;
  }

  /** Makes a sticker of a photo: the colour of its corners goes. */
  async make(file: string, emoji: string, description: string): Promise<void> {
    const dialog = await this.cutOut(file);
    await dialog.getByRole('button', { name: 'Erase what the corners show', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Emoji for apps without stickers', exact: true }).fill(emoji);
    await dialog.getByRole('textbox', { name: 'What it says or shows', exact: true }).fill(description);
    await dialog.getByRole('button', { name: 'Add to pack', exact: true }).click();
    await expect(dialog).toBeHidden();
  }
}
