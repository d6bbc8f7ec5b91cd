import { describe, expect, it } from 'vitest';
import { placed } from './placed.ts';

const invalid = { code: 'address-invalid', detail: {} } as const;

describe('where a failure of signing in is shown', () => {
  it('is the box it is about, or none', () => {
    expect(placed({ code: 'wrong-password', detail: {} }, 'ada').field).toBe('password');
    expect(placed({ code: 'server-unreachable', detail: {} }, 'ada').field).toBe('server');
    expect(placed({ code: 'disk-full', detail: {} }, 'ada').field).toBeNull();
  });

  it('is the user name for an address that was typed there, else the server', () => {
    expect(placed(invalid, 'ada@exa mple')).toEqual({ field: 'username', what: invalid });
    expect(placed(invalid, 'ada')).toEqual({
      field: 'server',
      what: { code: 'server-not-found', detail: {} },
    });
  });
});
