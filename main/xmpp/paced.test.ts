import { expect, it } from 'vitest';
import type { PostcardError } from '../../contract/errors.ts';
import type { Channel, ChannelReader } from './channel.ts';
import { PacedChannel } from './paced.ts';

/** The far end of a channel: what a socket would bring, and whether it is read. */
class FarEnd implements Channel {
  readonly secure = true;
  readonly framed: boolean;
  readonly label = 'test';
  reader: ChannelReader | null = null;
  paused = false;

  constructor(framed: boolean) {
    this.framed = framed;
  }

  read(reader: ChannelReader): void {
    this.reader = reader;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  unsent(): number {
    return 0;
  }
  write(): void {}
  end(): void {}
  destroy(): void {}
}

/** Reads `channel` to its end; each text takes `cost` ms, in a microtask as with the library. */
function reading(channel: Channel, cost = 0) {
  const texts: string[] = [];
  const closed = new Promise<PostcardError | null>((resolve) => {
    channel.read({
      onText: (text) => {
        texts.push(text);
        queueMicrotask(() => {
          for (const end = performance.now() + cost; performance.now() < end;);
        });
      },
      onClosed: resolve,
    });
  });
  return { texts, closed };
}

it('gives the process its turn while much comes in at once, and everything in order', async () => {
  const far = new FarEnd(true);
  const { texts, closed } = reading(new PacedChannel(far), 1);
  const sent = Array.from({ length: 200 }, (_, i) => `<m n='${i}'/>`);
  for (const text of sent) far.reader?.onText(text);
  expect(far.paused).toBe(true);
  far.reader?.onClosed(null);
  let turns = 0;
  for (let open = true; open;) {
    await new Promise((resolve) => setTimeout(resolve));
    turns += 1;
    open = texts.length < sent.length;
  }
  await closed;
  expect(texts).toEqual(sent);
  // 200 ms of work: the timer had its turn in between, not only after it.
  expect(turns).toBeGreaterThan(4);
  expect(far.paused).toBe(false);
});

it('hands over one text at once, and the end behind the last of them', async () => {
  const far = new FarEnd(true);
  const { texts, closed } = reading(new PacedChannel(far));
  far.reader?.onText('one');
  expect(texts).toEqual(['one']);
  expect(far.paused).toBe(false);
  for (let i = 0; i < 50; i += 1) far.reader?.onText(String(i));
  far.reader?.onClosed(null);
  await closed;
  expect(texts).toHaveLength(51);
});

it('cuts a stream without frames, never within a character', async () => {
  const far = new FarEnd(false);
  const { texts, closed } = reading(new PacedChannel(far));
  const text = `a${'😀'.repeat(20_000)}`;
  far.reader?.onText(text);
  far.reader?.onClosed(null);
  await closed;
  expect(texts.length).toBeGreaterThan(10);
  expect(texts.join('')).toBe(text);
  expect(texts.every((piece) => piece.isWellFormed())).toBe(true);
});

it('drops what waits when it is destroyed', async () => {
  const far = new FarEnd(true);
  const channel = new PacedChannel(far);
  const { texts, closed } = reading(channel);
  for (let i = 0; i < 50; i += 1) far.reader?.onText(String(i));
  channel.destroy();
  far.reader?.onClosed(null);
  await closed;
  expect(texts.length).toBeLessThan(50);
});
