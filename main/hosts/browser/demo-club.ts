import type { Application } from '../../app.ts';
import type { ParsedParams } from '../../../contract/index.ts';
import { club } from './demo-cast.ts';

/** ms until an invitation has come. */
const patience = 60_000;

/**
 * The photo club of the demo: the first of the cast makes it, everybody accepts the invitation and says something.
 * `sent`: resolves once what `mine` has said is with the hub.
 */
export async function makeClub(
  mine: Application,
  cast: readonly Application[],
  sent: (conversationId: ParsedParams<'conversations.get'>['id']) => Promise<void>,
): Promise<void> {
  const [host, ...others] = cast;
  if (!host) throw new Error('nobody makes the club');
  const guests = [mine, ...others];
  const people = await Promise.all(guests.map(addressOf));
  const { id, address: room } = await host.handlers['groups.create']({
    name: club.name,
    people,
    picture: null,
    crop: undefined,
  });
  const inside = [{ app: host, id }];
  for (const app of guests) inside.push({ app, id: await accept(app, room) });
  for (const { by, text } of club.says) {
    const at = inside[by];
    if (!at) throw new Error('nobody says this');
    await at.app.handlers['messages.send']({ conversationId: at.id, text, anyway: true });
    await arrived(mine, inside[1]?.id ?? at.id, text);
  }
  await sent(inside[1]?.id ?? id);
}

async function addressOf(app: Application): Promise<string> {
  const { account } = await app.handlers['app.state']({});
  if (account === null) throw new Error('somebody of the demo has no account');
  return account.address;
}

async function accept(app: Application, room: string) {
  for (const until = Date.now() + patience; ;) {
    const { invitations } = await app.handlers['requests.list']({ before: null, limit: 100 });
    const found = invitations.find((one) => one.room === room);
    if (found) return (await app.handlers['groups.acceptInvitation']({ id: found.id })).id;
    if (Date.now() > until) throw new Error('an invitation to the club did not come');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Each hears the one before: what is said has an order. */
async function arrived(
  app: Application,
  conversationId: ParsedParams<'conversations.get'>['id'],
  text: string,
): Promise<void> {
  for (const until = Date.now() + patience; ;) {
    const { items } = await app.handlers['messages.page']({
      conversationId,
      at: { kind: 'newest' },
      limit: 50,
    });
    if (items.some((message) => message.text === text)) return;
    if (Date.now() > until) throw new Error('a message of the club did not come');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
