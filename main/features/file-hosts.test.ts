import { describe, expect, it } from 'vitest';
import { createFileHosts } from './file-hosts.ts';

const allowed = (hosts: ReturnType<typeof createFileHosts>, text: string) => {
  const url = new URL(text);
  return hosts.allowed(url.hostname.replace(/^\[|\]$/g, ''), url);
};

describe('with an account on this computer', () => {
  let hub: string | null = 'ws://127.0.0.1:5290/xmpp-websocket';
  const hosts = createFileHosts({ onThisComputer: true, hubUrl: () => hub, serverHost: () => '127.0.0.1' });

  it('fetches from the hub and from no other program on loopback', () => {
    expect(allowed(hosts, 'http://127.0.0.1:5290/upload/token/a.jpg')).toBe(true);
    expect(allowed(hosts, 'http://127.0.0.1:5290/xmpp-websocket')).toBe(false);
    expect(allowed(hosts, 'http://127.0.0.1:8080/upload/token/a.jpg')).toBe(false);
    expect(allowed(hosts, 'http://localhost:631/shutdown.png')).toBe(false);
    expect(allowed(hosts, 'https://10.0.0.1/upload/a.png')).toBe(false);
  });

  it('follows the hub to another port, and allows nothing while it is away', () => {
    hub = 'ws://127.0.0.1:6000/xmpp-websocket';
    expect(hosts.current('http://127.0.0.1:5290/upload/token/a.jpg')).toBe(
      'http://127.0.0.1:6000/upload/token/a.jpg',
    );
    hub = null;
    expect(allowed(hosts, 'http://127.0.0.1:5290/upload/token/a.jpg')).toBe(false);
  });
});

describe('with an account elsewhere', () => {
  const onLan = createFileHosts({
    onThisComputer: false,
    hubUrl: () => null,
    serverHost: () => 'chat.home.example',
  });

  it('opens private networks for its own server alone', () => {
    expect(allowed(onLan, 'https://chat.home.example:5443/a.jpg')).toBe(true);
    expect(allowed(onLan, 'https://192.168.1.1/a.jpg')).toBe(false);
    expect(allowed(onLan, 'http://127.0.0.1/a.jpg')).toBe(false);
  });
});
