import { expect, type Locator, type Page } from '@playwright/test';

/** What helps to find something in a conversation: its search, its pins, its media. */
export class Timeline {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get search(): Locator {
    return this.page.getByRole('searchbox', { name: 'Find in conversation', exact: true });
  }

  get pins(): Locator {
    return this.page.getByRole('region', { name: 'Pinned messages', exact: true });
  }

  get gallery(): Locator {
    return this.page.getByRole('complementary', { name: 'Media, files and links', exact: true });
  }

  async option(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Conversation options', exact: true }).click();
    await this.page.getByRole('menuitem', { name, exact: true }).click();
  }

  async openGallery(): Promise<void> {
    await this.option('Media, files and links');
    await expect(this.gallery.getByRole('tab', { name: 'Photos', exact: true })).toBeFocused();
  }

  async chooseTab(name: string): Promise<void> {
    await this.gallery.getByRole('tab', { name, exact: true }).click();
  }
}
