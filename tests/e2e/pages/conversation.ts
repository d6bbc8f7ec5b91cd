import { expect, type Locator, type Page } from '@playwright/test';
import { PhotoDialog } from './photo-dialog.ts';

export class Conversation {
  readonly page: Page;
  readonly name: string;

  constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages', exact: true });
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  get messages(): Locator {
    return this.log.getByRole('article');
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  photo(caption: string): Locator {
    return this.log.getByRole('img', { name: caption, exact: true });
  }

  async write(text: string): Promise<void> {
    await this.box.fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(this.message(text).first()).toBeVisible();
    await expect(this.box).toHaveValue('');
  }

  /** Attach → Photo → these files. */
  async attach(...files: string[]): Promise<PhotoDialog> {
    await this.page.getByRole('button', { name: 'Attach', exact: true }).click();
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('menuitem', { name: 'Photo', exact: true }).click();
    await (await chooser).setFiles(files);
    return this.photoDialog();
  }

  /** Opens the photos that were chosen earlier. */
  async openWaiting(): Promise<PhotoDialog> {
    await this.page.getByRole('button', { name: /photos? waiting/ }).click();
    return this.photoDialog();
  }

  async photoDialog(): Promise<PhotoDialog> {
    const dialog = new PhotoDialog(this.page);
    await expect(dialog.root).toBeVisible();
    return dialog;
  }

  /** Message actions → this one. */
  async chooseAction(text: string, action: string): Promise<void> {
    const message = this.message(text).last();
    await message.hover();
    await message.getByRole('button', { name: 'Message actions', exact: true }).click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  /** A message's delivery state, once it is one of these. */
  async expectState(text: string, state: RegExp): Promise<void> {
    await expect(this.message(text).first()).toContainText(state);
  }

  /** Opens a photo large and gives the pixels of what is shown. */
  async pixelsOf(caption: string): Promise<{ width: number; height: number }> {
    await this.photo(caption).click();
    const viewer = this.page.getByRole('dialog', { name: 'Photo', exact: true });
    const large = viewer.getByRole('img', { name: caption, exact: true });
    await expect
      .poll(() => large.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0))
      .toBe(true);
    const size = await large.evaluate((img: HTMLImageElement) => ({
      width: img.naturalWidth,
      height: img.naturalHeight,
    }));
    await viewer.getByRole('button', { name: 'Close', exact: true }).click();
    return size;
  }
}
