import { describe, expect, it } from 'vitest';
import { createAnswerGate } from './answer-gate.ts';

async function isOpen(gate: ReturnType<typeof createAnswerGate>): Promise<boolean> {
  return Promise.race([gate.upToDate().then(() => true), Promise.resolve().then(() => false)]);
}

describe('waiting for an answer', () => {
  it('is over at once when nothing was asked', async () => {
    expect(await isOpen(createAnswerGate())).toBe(true);
  });

  it('lasts over several questions until the answer to the newest', async () => {
    const gate = createAnswerGate();
    gate.asked();
    gate.asked();
    const done = gate.upToDate();
    expect(await isOpen(gate)).toBe(false);
    gate.settled();
    await done;
    expect(await isOpen(gate)).toBe(true);
  });

  it('can begin anew, and being settled without a question does nothing', async () => {
    const gate = createAnswerGate();
    gate.settled();
    gate.asked();
    expect(await isOpen(gate)).toBe(false);
    gate.settled();
    gate.asked();
    expect(await isOpen(gate)).toBe(false);
  });
});
