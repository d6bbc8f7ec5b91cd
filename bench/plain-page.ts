import type { Browser, Page } from '@playwright/test';
import { installProbe } from './probe.ts';

/**
 * The least a conversation can be: a list that is scrolled, with `count` bubbles and no script but this one, in which
 * Enter in the text box appends a bubble with what is in the box. Measured beside ours, it is the browser's own limit.
 */
export async function plainPage(browser: Browser, count: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(installProbe, '');
  const page = await context.newPage();
  await page.setContent(`<!doctype html><title>Plain</title><style>
    body { margin: 0; height: 100vh; display: flex; flex-direction: column; font: 15px/1.45 sans-serif }
    #log { flex: 1; overflow: auto; padding: 16px 24px }
    #log > div { width: fit-content; max-width: 544px; margin: 1px 0 1px auto; padding: 8px 12px;
      border-radius: 18px; background: #dce6fb }
    </style><div id=log></div><textarea aria-label=Message></textarea>`);
  await page.evaluate((bubbles) => {
    const log = document.querySelector('#log');
    const box = document.querySelector('textarea');
    if (!log || !box) throw new Error('no list');
    const append = (text: string) => {
      const bubble = document.createElement('div');
      bubble.textContent = text;
      log.append(bubble);
      // Where the end is, is known without asking for a layout.
      requestAnimationFrame(() => (log.scrollTop = 1e7));
    };
    for (let i = 0; i < bubbles; i += 1) append(`Bubble ${i} ${'with some words '.repeat(i % 9)}`);
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      append(box.value);
      box.value = '';
    });
  }, count);
  return page;
}
