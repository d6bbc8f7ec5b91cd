import { readFileSync } from 'node:fs';
import { fixture } from '../support/photos.ts';
import { RogueServer, type Answer } from '../support/rogue-server.ts';
import { expect, test } from './test.ts';

const register = 'jabber:iq:register';
const picture = readFileSync(fixture('alpha.png')).toString('base64');

/** XEP-0158: a question about a picture, a field that is filled in already, and one for a person. */
const form =
  `<query xmlns='${register}'><x xmlns='jabber:x:data' type='form'>` +
  '<instructions>Only for people who like film.</instructions>' +
  `<field type='hidden' var='FORM_TYPE'><value>${register}</value></field>` +
  "<field type='hidden' var='challenge'><value>F3A6292C</value></field>" +
  "<field type='text-single' var='username' label='User'><required/></field>" +
  "<field type='text-private' var='password' label='Password'><required/></field>" +
  "<field type='text-single' var='email' label='Your email'/>" +
  "<field type='text-single' var='ocr' label='What does it show?'><required/>" +
  "<media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:sha1+f24030b8d91d233bac14777be5ab531ca3b9f102@bob.xmpp.org</uri></media>" +
  '</field></x>' +
  `<data xmlns='urn:xmpp:bob' cid='sha1+f24030b8d91d233bac14777be5ab531ca3b9f102@bob.xmpp.org' type='image/png'>${picture}</data></query>`;

test('a server that asks more than a name gets its form filled in, captcha included', async ({ open }) => {
  const submitted: string[] = [];
  const answer: Answer = ({ payload, type, id, xml }) => {
    if (payload !== register) return null;
    if (type === 'get') return form;
    submitted.push(xml);
    if (xml.includes('>blue<')) return '';
    // The answer proper: what the rogue server adds behind it is for nobody any more.
    server.push(
      `<iq xmlns='jabber:client' type='error' id='${id}'><error type='modify'>` +
        "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    );
    return '';
  };
  const server = await RogueServer.start('secret-1', answer);
  try {
    const app = await open();
    await app.fillWelcome({ username: 'me@localhost', server: server.url });
    const create = app.page.getByRole('button', { name: 'Create account', exact: true });
    await create.click();
    await expect(app.page.getByText('Only for people who like film.')).toBeVisible();
    const captcha = app.page.getByRole('img', { name: 'The picture the server asks about' });
    await expect(captcha).toBeVisible();
    expect(await captcha.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);

    await app.page.getByRole('textbox', { name: 'What does it show?' }).fill('red');
    await create.click();
    await expect(app.page.getByText(/did not accept the answers/)).toBeVisible();
    await expect(app.page.getByRole('textbox', { name: 'Username', exact: true })).toHaveValue(
      'me@localhost',
    );

    // Another try is another question: the form comes anew where it has to.
    const question = app.page.getByRole('textbox', { name: 'What does it show?' });
    if (!(await question.isVisible())) await create.click();
    await question.fill('blue');
    await create.click();
    await expect(app.status).toHaveText('Connected');
    const last = submitted.at(-1) ?? '';
    expect(last).toContain('F3A6292C');
    expect(last).toMatch(/<value>me<\/value>/);
    await app.close();
  } finally {
    await server.stop();
  }
});

test('a server that makes no accounts says so, and what to do instead', async ({ open }) => {
  const server = await RogueServer.start('secret-1');
  try {
    const app = await open();
    await app.fillWelcome({ username: 'me@localhost', server: server.url });
    await app.page.getByRole('button', { name: 'Create account', exact: true }).click();
    await expect(app.page.getByText(/does not let apps create accounts/)).toBeVisible();
    await app.close();
  } finally {
    await server.stop();
  }
});
