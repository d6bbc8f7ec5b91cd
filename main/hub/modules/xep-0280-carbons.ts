/** XEP-0280 Message Carbons, version 1.0.1: one's other resources see both sides of a conversation. */
import { NS } from '../namespaces.ts';
import { child, el } from '../xml.ts';
import type { HubCore } from '../core.ts';
import type { Jid } from '../jid.ts';
import type { HubModule } from '../module.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

interface Routed {
  session: Session;
  target: Jid;
  /** As the sender sent it: `<private/>` still shows. */
  message: XmlElement;
  incoming: XmlElement;
  outgoing: XmlElement;
  recipients: readonly Session[];
}

/** §6.1: what is copied. */
function isEligible(message: XmlElement): boolean {
  if (child(message, 'private', NS.carbons) || child(message, 'no-copy', NS.hints)) return false;
  const { type } = message.attrs;
  if (type === 'groupchat' || type === 'headline' || type === 'error') return false;
  if (child(message, 'x', NS.mucUser)) return false;
  return (
    type === 'chat' ||
    child(message, 'body') !== undefined ||
    child(message, 'received', NS.receipts) !== undefined
  );
}

function copy(to: Session, direction: 'sent' | 'received', message: XmlElement): void {
  const forwarded = el('forwarded', NS.forward, {}, [message]);
  const attrs = { from: to.bare, to: to.jid, type: message.attrs.type };
  to.send(el('message', NS.client, attrs, [el(direction, NS.carbons, {}, [forwarded])]));
}

/** Sends the copies of a message that was just routed; nobody gets it twice (§8, §9). */
export function carbonCopies(core: HubCore, routed: Routed): void {
  const { session, target, message, incoming, outgoing, recipients } = routed;
  if (!isEligible(message)) return;
  const served = new Set<Session>([session, ...recipients]);
  const others = (user: string): Session[] =>
    core.sessionsOf(user).filter((s) => s.carbons && !served.has(s));
  if (target.user !== session.user && recipients.length > 0) {
    for (const other of others(target.user)) copy(other, 'received', incoming);
  }
  for (const other of others(session.user)) copy(other, 'sent', outgoing);
}

export const carbons: HubModule = {
  name: 'xep-0280-carbons',
  serverFeatures: [NS.carbons],
  accountFeatures: [NS.carbons],
  iq: (['enable', 'disable'] as const).map((name) => ({
    at: 'account',
    type: 'set',
    ns: NS.carbons,
    name,
    handle: ({ session }) => {
      session.carbons = name === 'enable';
      return null;
    },
  })),
};
