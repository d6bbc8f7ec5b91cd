import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isNoise, passWithoutNoise } from './quiet.mjs';

describe('noise on stderr', () => {
  it.each([
    '[20004:1122/212731.123456:ERROR:bus.cc(407)] Failed to connect to the bus',
    '[20004:20010:1122/212731.123456:WARNING:viz_main_impl.cc(85)] VizNullHypothesis is disabled',
    '(postcard:4711): Gtk-WARNING **: 12:00:00.000: Theme parsing error',
    'libva error: vaGetDriverNames() failed',
    '(node:4711) ExperimentalWarning: SQLite is an experimental feature',
    '(Use `electron --trace-warnings ...` to show where the warning was created)',
    'DevTools listening on ws://127.0.0.1:9222/devtools/browser/x',
    '',
  ])('leaves out %j', (line) => {
    expect(isNoise(line)).toBe(true);
  });

  it.each([
    "Postcard can't write to the folder /x: permission denied.",
    '[20004:1122/212731.123456:FATAL:zygote_host_impl_linux.cc(128)] No usable sandbox!',
    'TypeError: x is not a function',
    '    at file:///x.js:1:1',
  ])('passes %j', (line) => {
    expect(isNoise(line)).toBe(false);
  });

  it('passes lines whole, the last one without an end too', async () => {
    const from = new PassThrough();
    const to = new PassThrough();
    let passed = '';
    to.on('data', (chunk: Buffer) => (passed += chunk.toString()));
    passWithoutNoise(from, to);
    from.write('one li');
    from.write('ne\n[1:1122/212731.123456:ERROR:x.cc(1)] noise\nlast');
    from.end();
    await expect.poll(() => passed).toBe('one line\nlast\n');
  });
});
