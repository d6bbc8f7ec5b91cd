import { createGroupMessages } from './features/group-messages/index.ts';
import type { BeforeSending } from './features/groups/before-sending.ts';
import { createEntered } from './features/groups/entered.ts';
import { createGroups } from './features/groups/index.ts';
import { createPolls } from './features/polls/index.ts';

/** What groups are made of besides each other. */
type Parts = Omit<Parameters<typeof createGroups>[0], 'entered' | 'isLevel' | 'pump' | 'votes'> &
  Omit<Parameters<typeof createGroupMessages>[0], 'entered' | 'pump'> & { readonly refuse: BeforeSending };

/** The part of `account.ts` that builds groups: who is in them, what is said, and what is asked there. */
export function buildGroups(o: Parts) {
  const entered = createEntered();
  const openRooms = () => messages.open();
  const polls = createPolls({ ...o, openRooms, doubt: entered.doubt });
  const groups = createGroups({
    ...o,
    entered,
    isLevel: (id) => openRooms().includes(id),
    pump: o.outbox.pump,
    votes: polls.votes,
  });
  const pump = () => {
    polls.pump();
    groups.opened();
  };
  const messages = createGroupMessages({ ...o, entered, pump });
  return {
    messages,
    doubt: entered.doubt,
    mayPost: groups.mayPost,
    welcome: groups.welcome,
    handlers: { ...groups.handlers, ...polls.handlers },
    close: () => {
      groups.close();
      polls.close();
      messages.close();
    },
  };
}
