import { describe, expect, it } from 'vitest';
import { chooseMechanism, saslProblem } from './login.ts';
import { Scram } from './scram.ts';

describe('SCRAM', () => {
  it('refuses challenges that are not sound', async () => {
    const login = new Scram('SCRAM-SHA-256', 'user', 'pencil');
    const nonce = /r=(.*)$/.exec(login.initial())?.[1] ?? '';
    const challenges = [
      `r=other,s=c2FsdA==,i=4096`,
      `r=${nonce},s=c2FsdA==,i=4096`,
      `r=${nonce}x,s=c2FsdA==,i=1`,
      `r=${nonce}x,s=c2FsdA==,i=99999999999`,
      `r=${nonce}x,i=4096`,
      '',
    ];
    for (const challenge of challenges) {
      await expect(login.respond(challenge)).rejects.toMatchObject({ code: 'server-refused' });
    }
    expect(login.verify('v=AAAA')).toBe(false);
  });

  it('escapes what separates fields in the user name', () => {
    expect(new Scram('SCRAM-SHA-256', 'a=b,c', 'x').initial()).toMatch(/^n,,n=a=3Db=2Cc,r=/);
  });
});

describe('the mechanism', () => {
  it('is the strongest that both have, never one with channel binding', () => {
    const offered = ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS', 'X-OAUTH2'];
    expect(chooseMechanism(offered, null, true)).toBe('SCRAM-SHA-256');
    expect(chooseMechanism(['PLAIN'], null, true)).toBe('PLAIN');
    expect(chooseMechanism(['SCRAM-SHA-512'], 'SCRAM-SHA-1', false)).toBe('SCRAM-SHA-512');
  });

  it('is not weaker than before, and PLAIN needs TLS', () => {
    const code = (run: () => unknown) => {
      try {
        return run();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code(() => chooseMechanism(['PLAIN'], 'SCRAM-SHA-1', true))).toBe('mechanism-downgraded');
    expect(code(() => chooseMechanism(['PLAIN'], null, false))).toBe('connection-insecure');
    expect(code(() => chooseMechanism(['DIGEST-MD5'], null, true))).toBe('server-refused');
    expect(saslProblem('not-authorized').code).toBe('wrong-password');
    expect(saslProblem('account-disabled').code).toBe('server-refused');
  });
});
