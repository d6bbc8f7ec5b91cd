/** What somebody who is blocked may try. */
export interface Attempt {
  readonly name: string;
  /** Without `from`, which a server stamps; see `sentBy`. */
  readonly xml: string;
}

export interface Target {
  /** Bare. */
  readonly to: string;
  /** A device of theirs. */
  readonly full: string;
  /** Bare address of who tries. */
  readonly own: string;
  /** Id of a message of their own, that arrived before. */
  readonly theirs: string;
  /** Id of a message they were sent. */
  readonly mine: string;
}

const client = "xmlns='jabber:client'";
const event = (inner: string) => `<event xmlns='http://jabber.org/protocol/pubsub#event'>${inner}</event>`;
const nick = (name: string) =>
  `<items node='http://jabber.org/protocol/nick'><item id='c'><nick xmlns='http://jabber.org/protocol/nick'>${name}</nick></item></items>`;
const avatar =
  "<items node='urn:xmpp:avatar:metadata'><item id='c'><metadata xmlns='urn:xmpp:avatar:metadata'>" +
  "<info id='da39a3ee5e6b4b0d3255bfef95601890afd80709' bytes='1' type='image/png'/></metadata></item></items>";
const url = 'https://files.example.org/attempt.jpg';
const sfs =
  `<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><media-type>image/jpeg</media-type>` +
  `<name>attempt.jpg</name></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='${url}'/></sources></file-sharing>`;
const delay = "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>";
const forwarded = (t: Target) =>
  `<forwarded xmlns='urn:xmpp:forward:0'>${delay}<message ${client} from='${t.own}/x' to='${t.to}' type='chat' id='in'><body>attempt inside</body></message></forwarded>`;

function messages(t: Target): [string, string, string?][] {
  const body = (words: string) => `<body>attempt ${words}</body>`;
  return [
    ['a chat message', body('chat')],
    ['a message without a type', body('plain'), ''],
    ['a normal message', body('normal'), 'normal'],
    ['a headline', body('headline'), 'headline'],
    ['a room’s type without a room', body('groupchat'), 'groupchat'],
    ['an error with a text', `${body('error')}<error type='cancel'/>`, 'error'],
    [
      'an error to a message of mine',
      `<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`,
      'error',
    ],
    ['an old stamp', `${body('delayed')}${delay}`],
    ['an origin id', `${body('origin')}<origin-id xmlns='urn:xmpp:sid:0' id='attempt-o'/>`],
    [
      'an archive id of the server',
      `${body('archived')}<stanza-id xmlns='urn:xmpp:sid:0' by='${t.to}' id='attempt-s'/>`,
    ],
    ['no copies', `${body('private')}<private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/>`],
    ['no storing', `${body('unstored')}<no-store xmlns='urn:xmpp:hints'/>`],
    [
      'a correction of an old message',
      `${body('corrected')}<replace xmlns='urn:xmpp:message-correct:0' id='${t.theirs}'/>`,
    ],
    [
      'a retraction of an old message',
      `<retract xmlns='urn:xmpp:message-retract:1' id='${t.theirs}'/>${body('retracted')}`,
    ],
    [
      'a retraction of a message of mine',
      `<retract xmlns='urn:xmpp:message-retract:1' id='${t.mine}'/><store xmlns='urn:xmpp:hints'/>`,
    ],
    [
      'a moderation',
      `<moderated xmlns='urn:xmpp:message-moderate:1'/><retract xmlns='urn:xmpp:message-retract:1' id='${t.mine}'/>`,
    ],
    [
      'a reaction',
      `<reactions xmlns='urn:xmpp:reactions:0' id='${t.mine}'><reaction>👎</reaction></reactions><store xmlns='urn:xmpp:hints'/>`,
    ],
    ['a reply', `${body('reply')}<reply xmlns='urn:xmpp:reply:0' to='${t.to}' id='${t.mine}'/>`],
    ['a receipt', `<received xmlns='urn:xmpp:receipts' id='${t.mine}'/>`],
    ['a request for a receipt', `${body('receipt')}<request xmlns='urn:xmpp:receipts'/>`],
    ['a mark of reading', `<displayed xmlns='urn:xmpp:chat-markers:0' id='${t.mine}'/>`],
    ['typing', `<composing xmlns='http://jabber.org/protocol/chatstates'/>`],
    ['a pause in typing', `<paused xmlns='http://jabber.org/protocol/chatstates'/>`],
    ['a photo by its address', `<body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x>`],
    ['a photo as a shared file', `<body>${url}</body>${sfs}`],
    ['a photo without a text', sfs],
    ['a caption', `${body('caption')}<caption xmlns='urn:postcard:caption:0' for='${t.theirs}'/>`],
    [
      'XHTML',
      `${body('html')}<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><b>attempt</b></body></html>`,
    ],
    ['a nickname', `${body('nick')}<nick xmlns='http://jabber.org/protocol/nick'>Trusted Bank</nick>`],
    ['an encrypted message', `${body('omemo')}<encrypted xmlns='urn:xmpp:omemo:2'/>`],
    ['an invitation', `<x xmlns='jabber:x:conference' jid='attempt@rooms.localhost' reason='attempt'/>`],
    [
      'an invitation with a text',
      `${body('invite')}<x xmlns='jabber:x:conference' jid='attempt2@rooms.localhost'/>`,
    ],
    [
      'an invitation in the name of a room',
      `<x xmlns='http://jabber.org/protocol/muc#user'><invite from='${t.own}'><reason>attempt</reason></invite></x>`,
      '',
    ],
    [
      'a private message that poses as one through a room',
      `${body('pm')}<x xmlns='http://jabber.org/protocol/muc#user'/>`,
    ],
    ['a carbon of something received', `<received xmlns='urn:xmpp:carbons:2'>${forwarded(t)}</received>`],
    ['a carbon of something sent', `<sent xmlns='urn:xmpp:carbons:2'>${forwarded(t)}</sent>`],
    ['an archive result', `<result xmlns='urn:xmpp:mam:2' queryid='q' id='a'>${forwarded(t)}</result>`, ''],
    ['a name published', event(nick('Trusted Bank')), 'headline'],
    ['a picture published', event(avatar), 'headline'],
    [
      'a setting of mine published',
      event(
        `<items node='urn:postcard:settings:0'><item id='whoCanMessage'><value xmlns='urn:postcard:private:0'>{"value":"everyone","changedAt":9000000000000000}</value></item></items>`,
      ),
      'headline',
    ],
    [
      'a call',
      `<propose xmlns='urn:xmpp:jingle-message:0' id='attempt'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>`,
    ],
    ['a buzz', `<attention xmlns='urn:xmpp:attention:0'/>${body('buzz')}`],
  ];
}

const presences: [string, string][] = [
  ['presence', ''],
  ['presence with a name', "<nick xmlns='http://jabber.org/protocol/nick'>Trusted Bank</nick>"],
  [
    'presence with a picture',
    "<x xmlns='vcard-temp:x:update'><photo>da39a3ee5e6b4b0d3255bfef95601890afd80709</photo></x>",
  ],
];
const subscriptions = ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe', 'unavailable'];
const questions: [string, string, 'get' | 'set'][] = [
  ['version', "<query xmlns='jabber:iq:version'/>", 'get'],
  ['disco', "<query xmlns='http://jabber.org/protocol/disco#info'/>", 'get'],
  ['ping', "<ping xmlns='urn:xmpp:ping'/>", 'get'],
  [
    'a roster push',
    "<query xmlns='jabber:iq:roster'><item jid='evil@localhost' name='Trusted Bank' subscription='both'/></query>",
    'set',
  ],
  ['an unblocking push', "<unblock xmlns='urn:xmpp:blocking'/>", 'set'],
  ['a privacy push', "<query xmlns='jabber:iq:privacy'><list name='postcard'/></query>", 'set'],
];

/** Every path there is, more than fifty of them. */
export function attempts(t: Target): Attempt[] {
  const told = messages(t).map(([name, inner, type = 'chat'], at) => {
    const id =
      name === 'an error to a message of mine' || name.startsWith('a receipt') ? t.mine : `attempt-${at}`;
    const to = at % 2 === 0 || type === 'groupchat' || type === 'error' ? t.full : t.to;
    return {
      name,
      xml: `<message ${client} to='${to}'${type && ` type='${type}'`} id='${id}'>${inner}</message>`,
    };
  });
  const shown = presences.map(([name, inner]) => ({
    name,
    xml: `<presence ${client} to='${t.to}'>${inner}</presence>`,
  }));
  const asked = subscriptions.map((type) => ({
    name: type,
    xml: `<presence ${client} to='${t.to}' type='${type}'/>`,
  }));
  const queried = questions.map(([name, inner, type], at) => ({
    name: `an IQ: ${name}`,
    xml: `<iq ${client} to='${t.full}' type='${type}' id='attempt-iq-${at}'>${inner}</iq>`,
  }));
  return [...told, ...shown, ...asked, ...queried];
}

/** The stanza as a server hands it over that lets everything through. */
export const sentBy = (xml: string, from: string): string => xml.replace(' to=', ` from='${from}' to=`);

/** What the bare library, unlike the app, does not survive: only for a server that hands it over by itself. */
export const broken = (t: Target): Attempt => ({
  name: 'JSON that is none',
  xml: `<message ${client} to='${t.full}' type='chat' id='attempt-json'><body>attempt json</body><json xmlns='urn:xmpp:json:0'>{</json></message>`,
});
