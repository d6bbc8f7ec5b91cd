import type { Evidence, EvidenceFile, MessageEvidence, ProfileEvidence } from './evidence.ts';
import { policy, style } from './page-style.ts';
import { absenceWords, fill, pageWords as w, reasonWords, relationWords } from './texts.ts';

/** What browsers show by themselves. */
const PICTURE = /\.(jpg|png|webp|gif|avif)$/;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as text, whatever is in it. Control characters, which no page may hold, become a sign. */
export const escaped = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/** Its own direction, which reaches no further than its end: not even with characters that turn it around. */
const foreign = (text: string): string => `<bdi>${escaped(text)}</bdi>`;
export const rows = (entries: readonly (readonly [string, string])[]): string =>
  `<dl>${entries.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${value}</dd>`).join('\n')}</dl>`;
export const time = (t: { time: string; zone: string }): string =>
  `<time datetime="${escaped(t.time)}">${escaped(t.time.replace('T', ' '))}</time> <span class="soft">${escaped(t.zone)}</span>`;

/**
 * One page: no script, nothing from elsewhere, light and dark, fit to be printed.
 * @param content sections, as HTML
 */
export const whole = (title: string, content: string): string => `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${foreign(title)}</h1>
${content}
</main>
</body>
</html>
`;

export const section = (id: string, title: string, content: string): string =>
  `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${content}\n</section>`;

export const titleOf = (e: Evidence): string =>
  fill(w.title, { who: e.profile?.calledHere || e.profile?.name || e.report.about });

/** The readable page of a report: of what was sealed alone, so that it is sealed itself. */
export function reportPage(e: Evidence): string {
  return whole(
    titleOf(e),
    [
      head(e),
      `<p><a href="notes.html">${w.toNotes}</a></p>`,
      section(
        'messages',
        w.messages,
        e.messages.length === 0 ? `<p>${w.noMessages}</p>` : `<ol>${e.messages.map(message).join('\n')}</ol>`,
      ),
      section('profile', w.profile, e.profile ? profile(e.profile) : `<p>${w.noProfile}</p>`),
      section(
        'remarks',
        w.remarks,
        `<ul>${e.remarks.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`,
      ),
      section('verify', w.verify, `<p>${w.verifyText}</p><p>${w.honest}</p>`),
    ].join('\n'),
  );
}

function head(e: Evidence): string {
  return rows([
    [w.about, foreign(e.report.about)],
    [w.reason, escaped(reasonWords[e.report.reason])],
    ...(e.report.details === ''
      ? []
      : ([[w.details, `<p class="text" dir="auto">${escaped(e.report.details)}</p>`]] as const)),
    [w.made, time(e.report.made)],
    [w.by, foreign(e.account.address)],
    [w.server, foreign(e.account.server)],
  ]);
}

function message(m: MessageEvidence): string {
  const id = (text: string | null) => text ?? w.none;
  const ids = fill(w.ids, { stanza: id(m.ids.stanza), origin: id(m.ids.origin), message: id(m.ids.message) });
  const name = m.fromName === m.from ? foreign(m.from) : `${foreign(m.fromName)} (${foreign(m.from)})`;
  const classes = [m.direction, m.part === 'reported' ? 'reported' : ''].join(' ').trim();
  return `<li><article class="${classes}">
<header><strong>${m.number}. ${name}</strong> ${time(m.sent)}${m.part === 'reported' ? ` <span class="mark">${w.reported}</span>` : ''}</header>
${m.text === '' ? '' : `<p class="text" dir="auto">${escaped(m.text)}</p>`}
${m.files.map((f) => file(f)).join('\n')}
<footer>${m.wasShown ? '' : `<p>${w.unseen}</p>`}<p>${foreign(ids)}</p></footer>
</article></li>`;
}

function file(f: EvidenceFile, kind = ''): string {
  const lines = [
    `${foreign(f.name)} · ${escaped(f.mediaType)}${f.bytes === null ? '' : ` · ${f.bytes} bytes`}`,
  ];
  if (f.absent !== null) lines.push(escaped(absenceWords[f.absent]));
  if (f.url !== null) lines.push(`${w.address}: <code>${escaped(f.url)}</code>`);
  if (f.sha256 !== null) lines.push(`SHA-256: <code>${escaped(f.sha256)}</code>`);
  else if (f.claimedSha256 !== null) lines.push(`${w.claimed}: <code>${escaped(f.claimedSha256)}</code>`);
  return `<figure>${f.file === null ? '' : shown(f.file, f.name, kind)}
<figcaption>${lines.map((line) => `<p>${line}</p>`).join('')}</figcaption></figure>`;
}

/** `path` is one that `fileKeeper` made. */
const shown = (path: string, name: string, kind: string): string =>
  PICTURE.test(path)
    ? `<a href="${path}"><img src="${path}" alt="${escaped(name)}"${kind}></a>`
    : `<a href="${path}">${foreign(name)}</a>`;

function profile(p: ProfileEvidence): string {
  const all: readonly (readonly [string, string])[] = [
    [w.called, p.calledHere],
    [w.name, p.name],
    [w.bio, p.bio],
    [w.interests, p.interests.join(', ')],
    [w.link, p.link],
    [w.relation, relationWords[p.relation]],
  ];
  const said = all
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, foreign(value)] as const);
  const looked = p.lookedUp ? ([[w.lookedUp, time(p.lookedUp)]] as const) : [];
  const picture = p.picture ? ([[w.picture, file(p.picture, ' class="face"')]] as const) : [];
  return rows([[w.about, foreign(p.address)], ...said, ...looked, ...picture]);
}
