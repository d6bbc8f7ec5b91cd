import { createHash } from 'node:crypto';

/** The page's one style sheet; the policy names its hash, so that no other one counts. */
export const style = `
:root { color-scheme: light dark; --text: light-dark(#1d1d22, #ececf1); --soft: light-dark(#5b5b66, #a6a6b3);
  --page: light-dark(#ffffff, #17171b); --panel: light-dark(#f3f3f7, #222229); --line: light-dark(#d9d9e2, #3a3a45);
  --mark: light-dark(#b3261e, #ff8f86); }
* { box-sizing: border-box; margin: 0; }
body { max-width: 48rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.25rem 0 0.75rem; font-size: 1.2rem; }
dl { display: grid; grid-template-columns: minmax(8rem, auto) minmax(0, 1fr); gap: 0.35rem 1rem; margin: 1rem 0; }
dt, .soft { color: var(--soft); }
dd, p, li { overflow-wrap: anywhere; }
.text { white-space: pre-wrap; unicode-bidi: isolate; }
code { font: 0.85em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
ol { padding: 0; list-style: none; }
article { margin: 0 0 0.9rem; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 0.6rem;
  background: var(--panel); break-inside: avoid; }
article.sent { margin-left: 3rem; }
article.received { margin-right: 3rem; }
article.reported { border: 2px solid var(--mark); }
.mark { color: var(--mark); font-weight: 600; }
article header { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; margin-bottom: 0.35rem; font-size: 0.9rem; }
footer, figcaption { margin-top: 0.5rem; font-size: 0.8rem; color: var(--soft); overflow-wrap: anywhere; }
figure { margin: 0.6rem 0 0; }
img { display: block; max-width: 100%; max-height: 30rem; border-radius: 0.4rem; }
img.face { width: 6rem; height: 6rem; object-fit: cover; border-radius: 50%; }
a { color: inherit; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  img { max-height: 12cm; }
  h2 { break-after: avoid; }
}
`;

/** Nothing but the files beside the page, and this style sheet. */
export const policy = `default-src 'none'; img-src 'self'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;
