import { expect, type Locator, type Page } from '@playwright/test';

export type QualityName = 'Standard' | 'High' | 'Original';

export class PhotoDialog {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('dialog', { name: 'Send photos', exact: true });
  }

  get captions(): Locator {
    return this.root.getByRole('textbox', { name: 'Caption', exact: true });
  }

  get send(): Locator {
    return this.root.getByRole('button', { name: 'Send', exact: true });
  }

  /** Waits until so many photos are there. */
  async expectPhotos(count: number): Promise<void> {
    await expect(this.captions).toHaveCount(count, { timeout: 60_000 });
  }

  async quality(name: QualityName): Promise<void> {
    const group = this.root.getByRole('radiogroup', { name: 'Quality', exact: true });
    await group.getByRole('radio', { name, exact: true }).check({ force: true });
  }

  /** Writes the captions in order and sends. */
  async sendWith(...captions: string[]): Promise<void> {
    await this.expectPhotos(captions.length);
    for (const [at, caption] of captions.entries()) await this.captions.nth(at).fill(caption);
    await this.send.click();
    await expect(this.root).toBeHidden({ timeout: 60_000 });
  }
}
