import { describe, expect, it } from 'vitest';
import { cleanName, isFileUrl, readContent } from './shared-files.ts';

const url = 'https://files.example/a/b%20c.jpg';

describe('the three forms of a file', () => {
  it('reads a body that is only the address of a picture', () => {
    expect(readContent({ body: url })).toMatchObject({
      body: null,
      files: [{ url, name: 'b c.jpg', mediaType: 'image/jpeg' }],
    });
  });

  it('leaves other addresses and text with an address alone', () => {
    for (const body of ['https://files.example/page.html', `look: ${url}`, 'http://files.example/a.jpg']) {
      expect(readContent({ body })).toEqual({ body, files: [] });
    }
  });

  it('reads out of band data, with the text that does not repeat it', () => {
    expect(readContent({ body: url, links: [{ url }] })).toMatchObject({ body: null, files: [{ url }] });
    expect(readContent({ body: 'hello', links: [{ url }] })).toMatchObject({
      body: 'hello',
      files: [{ url }],
    });
  });

  it('prefers metadata to the bare link of the same file, and does not believe its form', () => {
    const sharing = {
      urls: ['file:///etc/passwd', url],
      name: '../../evil\u202egpj.exe',
      mediaType: 'text/html"><',
      size: -1,
      thumbnails: [{ uri: 'data:image/svg+xml;base64,AAAA', mediaType: '' }],
      sha256: 'short',
    };
    const { files } = readContent({ body: url, links: [{ url }], fileSharing: [sharing] });
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({
      url,
      name: 'evilgpj.exe',
      mediaType: null,
      thumbnail: null,
      sha256: null,
    });
  });

  it('strips fallback text for files, by code points, and no other', () => {
    const body = `😀hi ${url}`;
    const range = { start: 4, end: [...body].length };
    expect(readContent({ body, fallbacks: [{ for: 'urn:xmpp:sfs:0', range }] }).body).toBe('😀hi');
    expect(readContent({ body: 'hi', fallbacks: [{ for: 'urn:other:0', range: null }] }).body).toBe('hi');
  });
});

describe('names and addresses', () => {
  it('keeps a plain name and cleans the rest', () => {
    const cases: [string, string | null][] = [
      ['photo.jpg', 'photo.jpg'],
      ['C:\\x\\y.png', 'y.png'],
      ['/etc/passwd', 'passwd'],
      ['..', null],
      ['.bashrc', 'bashrc'],
      ['a\u0000b\n.jpg', 'ab.jpg'],
      [`${'x'.repeat(300)}.jpeg`, `${'x'.repeat(115)}.jpeg`],
    ];
    for (const [name, clean] of cases) expect(cleanName(name)).toBe(clean);
  });

  it('takes https, and http on this machine only', () => {
    expect(['https://a.example/x', 'http://127.0.0.1:1/x', 'http://localhost/x'].every(isFileUrl)).toBe(true);
    expect(
      ['http://a.example/', 'file:///x', 'https://u:p@a.example/', 'javascript:1', 'data:,x'].some(isFileUrl),
    ).toBe(false);
  });
});
