import { createPinia, setActivePinia } from 'pinia';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';

/** The other side of the bridge: it keeps one choice, answers after a while, and tells windows when the test says so. */
let kept = 'everyone';
let fails = false;
let tell: () => void = () => undefined;
const answers: (() => void)[] = [];
let useAccountSettings: typeof import('./account-settings.ts').useAccountSettings;

beforeAll(async () => {
  const postcard = {
    call: async (name: string, params: { whoCanMessage?: string }) => {
      if (name === 'accountSettings.set' && !fails) kept = params.whoCanMessage ?? kept;
      const value = { whoCanMessage: kept };
      const outcome =
        name === 'accountSettings.set' && fails
          ? { ok: false, code: 'disk-full', detail: {} }
          : { ok: true, value };
      if (name === 'accountSettings.set') await new Promise<void>((resolve) => answers.push(resolve));
      return outcome;
    },
    on: (name: string, listener: (payload: object) => void) => {
      if (name === 'accountSettings.changed') {
        // What it said when it was sent, however late it comes.
        tell = () => {
          const payload = { whoCanMessage: 'no-one' };
          listener(payload);
        };
      }
      return () => undefined;
    },
  };
  vi.stubGlobal('window', { postcard });
  ({ useAccountSettings } = await import('./account-settings.ts'));
});
beforeEach(() => {
  setActivePinia(createPinia());
  kept = 'everyone';
  fails = false;
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
async function started() {
  const settings = useAccountSettings();
  settings.start();
  await settings.load();
  const shown = () => settings.current?.whoCanMessage;
  return { settings, shown };
}

it('of several choices in a row the last one is shown, whatever comes back when', async () => {
  const { settings, shown } = await started();
  void settings.set({ whoCanMessage: 'no-one' });
  void settings.set({ whoCanMessage: 'friends' });
  await settled();
  answers.shift()?.();
  await settled();
  tell();
  await settled();
  expect(shown()).toBe('friends');
  answers.shift()?.();
  await settled();
  expect(shown()).toBe('friends');
  // What was told of the first of them comes last of all.
  tell();
  await settled();
  expect(shown()).toBe('friends');
});

it('a choice of another device is shown, and what could not be kept is taken back', async () => {
  const { settings, shown } = await started();
  kept = 'no-one';
  tell();
  await settled();
  expect(shown()).toBe('no-one');
  fails = true;
  void settings.set({ whoCanMessage: 'friends' });
  expect(shown()).toBe('friends');
  await settled();
  answers.shift()?.();
  await settled();
  expect(shown()).toBe('no-one');
});
