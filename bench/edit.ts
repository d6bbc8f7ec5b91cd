import { chromium, type Page } from '@playwright/test';
import { launchBrowserHost } from '../tests/e2e/launch/browser-host.ts';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { Postcard } from '../tests/e2e/pages/postcard.ts';
import { removeFolder, temporaryFolder } from '../tests/support/folders.ts';
import { cameraPhoto } from '../tests/support/photos.ts';
import { compared, median, quantile, type Figure } from './figure.ts';
import { installProbe } from './probe.ts';

const moves = 60;
/** Not counted: they compile the code. */
const first = 10;
const peer = 'a slider that changes the filter of a picture in a plain page';

/** One step of the slider that has the focus; ms from its event until what follows from it had been painted. */
async function move(page: Page, key: string): Promise<number> {
  const moving = await page.evaluateHandle(() => {
    const took = async () => {
      const moved = await window.probe.event('input');
      return (await window.probe.painted()) - moved;
    };
    // In an object: a promise alone would be waited for.
    return { took: took() };
  });
  // Wherever in a frame's 16.7 ms it falls.
  await page.waitForTimeout(30 + Math.random() * 30);
  await page.keyboard.press(key);
  return moving.evaluate(({ took }) => took);
}

/** A photo of 24 MP in the editor, its slider for brightness in focus. */
async function inEditor(app: Postcard): Promise<void> {
  const notes = await app.openConversation('Notes to self');
  const dialog = await notes.attach(await cameraPhoto());
  await dialog.expectPhotos(1);
  await dialog.root.getByRole('button', { name: 'Edit', exact: true }).click();
  const editor = app.page.getByRole('dialog', { name: 'Edit photo', exact: true });
  await editor.getByRole('tab', { name: 'Adjust', exact: true }).click();
  const preview = editor.getByRole('img', { name: 'The photo as it will be', exact: true });
  const slider = editor.getByRole('slider', { name: 'Brightness', exact: true });
  const before = await preview.screenshot();
  await slider.fill('60');
  // Not a time for nothing: the preview has followed.
  if ((await preview.screenshot()).equals(before)) throw new Error('the preview did not change');
  await slider.fill('0');
  await slider.focus();
}

/** The least it can be: the browser's own filter on a picture of the same size as the preview. */
async function plain(page: Page): Promise<void> {
  await page.setContent(`<!doctype html><title>Plain</title><input type=range min=-100 max=100 value=0><br>
    <canvas width=900 height=600></canvas>`);
  await page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const slider = document.querySelector('input');
    const pen = canvas?.getContext('2d');
    if (!canvas || !slider || !pen) throw new Error('no picture');
    for (let x = 0; x < 900; x += 3) {
      pen.fillStyle = `hsl(${x} 60% 50%)`;
      pen.fillRect(x, 0, 3, 600);
    }
    slider.addEventListener(
      'input',
      () => (canvas.style.filter = `brightness(${100 + Number(slider.value)}%)`),
    );
    slider.focus();
  });
}

/** A slider's move in the photo editor to its preview painted, for a photo of 24 MP. */
export default async function edit(): Promise<readonly Figure[]> {
  const executablePath = chromiumPath();
  const browser = await chromium.launch(executablePath === null ? {} : { executablePath });
  const home = temporaryFolder('bench-edit');
  const times = { ours: [] as number[], plain: [] as number[] };
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addInitScript(installProbe, '');
    const app = new Postcard(await launchBrowserHost(browser, { home, context }), () => undefined);
    await app.createAccount({ username: 'ada' });
    await inEditor(app);
    const bare = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await bare.addInitScript(installProbe, '');
    await bare.goto('about:blank');
    await bare.evaluate(installProbe, '');
    await plain(bare);
    for (let turn = -first; turn < moves; turn += 1) {
      const key = turn % 20 < 10 ? 'ArrowRight' : 'ArrowLeft';
      const timePlain = await move(bare, key);
      const timeOurs = await move(app.page, key);
      if (turn < 0) continue;
      times.plain.push(timePlain);
      times.ours.push(timeOurs);
    }
    await app.close();
  } finally {
    await browser.close();
    removeFolder(home);
  }
  const p95 = (numbers: readonly number[]) => quantile(numbers, 0.95);
  return [
    compared('edit', p95(times.ours), 'ms', peer, p95(times.plain)),
    compared('edit-median', median(times.ours), 'ms', peer, median(times.plain)),
  ];
}
