import { afterEach, expect, it } from 'vitest';
import { recording } from '../../main/media/testing/films.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { Person } from '../support/people.ts';
import { file } from '../support/photos.ts';

let anna: Person | null = null;
afterEach(() => anna?.close());

const said = (name = 'spoken.webm') => ({ kind: 'path', path: file(name, recording()) }) as const;
const waveform = Buffer.from([1, 2, 255]).toString('base64');

describeEachServer(
  'voice notes',
  (server) => {
    it('wait in their conversation over a restart, and are sent once', async () => {
      anna = await Person.create(server(), newName('anna'));
      const [here, there] = [
        await anna.conversationWith('bert@localhost'),
        await anna.conversationWith('clara@localhost'),
      ];
      const kept = await anna.call('voice.keep', { conversationId: here, source: said(), waveform });
      expect(kept).toMatchObject({ conversationId: here, durationMs: 2120 });
      await anna.restart();
      expect(await anna.call('voice.kept', { conversationId: here })).toEqual(kept);
      expect(await anna.call('voice.kept', { conversationId: there })).toBeNull();
      expect((await anna.media(`/media/file/${kept.sha256}`)).length).toBe(kept.bytes);

      const send = () => anna?.outcome('voice.send', { conversationId: here, anyway: true });
      const outcomes = await Promise.all([send(), send()]);
      expect(outcomes.map((outcome) => outcome?.ok).sort()).toEqual([false, true]);
      const messages = await anna.messagesWith('bert@localhost');
      expect(messages).toHaveLength(1);
      expect(messages[0]?.attachments[0]).toMatchObject({ kind: 'voice', durationMs: 2120, waveform });
      expect(await anna.call('voice.kept', { conversationId: here })).toBeNull();
      expect(anna.events('voice.keptChanged').at(-1)).toEqual({ conversationId: here, kept: null });
    });

    it('are one a conversation, can be thrown away, and are sound', async () => {
      anna = await Person.create(server(), newName('anna'));
      const conversationId = await anna.conversationWith('bert@localhost');
      await anna.call('voice.keep', { conversationId, source: said(), waveform: '' });
      const broken = { kind: 'path', path: file('broken.webm', recording().subarray(0, 40)) } as const;
      expect(
        await anna.outcome('voice.keep', { conversationId, source: broken, waveform: '' }),
      ).toMatchObject({
        code: 'file-broken',
      });
      // What was there before is still there.
      expect(await anna.call('voice.kept', { conversationId })).toMatchObject({ durationMs: 2120 });
      await anna.call('voice.discard', { conversationId });
      await anna.call('voice.discard', { conversationId });
      expect(await anna.call('voice.kept', { conversationId })).toBeNull();
      expect(await anna.outcome('voice.send', { conversationId, anyway: true })).toMatchObject({
        code: 'not-found',
      });
    });
  },
  { kinds: ['hub'] },
);
