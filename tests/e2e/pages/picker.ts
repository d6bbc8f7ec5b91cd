import { expect, type Locator, type Page } from '@playwright/test';

/** The dialog "Emoji and stickers". */
export class Picker {
  readonly page: Page;
  readonly root: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByRole('dialog', { name: 'Emoji and stickers', exact: true });
  }

  get button(): Locator {
    return this.page.getByRole('button', { name: 'Emoji and stickers', exact: true });
  }

  get search(): Locator {
    return this.root.getByRole('searchbox', { name: 'Search emoji', exact: true });
  }

  emoji(name: string): Locator {
    return this.root.getByRole('gridcell').getByRole('button', { name, exact: true });
  }

  async open(): Promise<void> {
    await this.button.click();
    await expect(this.search).toBeFocused();
    await expect(this.root.getByRole('gridcell').first()).toBeVisible();
  }
}
