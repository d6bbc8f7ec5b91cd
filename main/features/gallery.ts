import type { Handlers } from '../../contract/index.ts';
import {
  conversationById,
  deliveryTimes,
  findInConversation,
  galleryPage,
  type ReadableDb,
} from '../store/index.ts';
import type { Changes } from './changes.ts';
import type { Downloads } from './downloads.ts';

/** What is looked up in one conversation: its media, a text in it, how far a message has come. */
export function galleryHandlers(o: {
  db: ReadableDb;
  changes: Changes;
  downloads: Downloads;
}): Pick<Handlers, 'gallery.page' | 'messages.find' | 'messages.details'> {
  const { db } = o;
  return {
    'gallery.page': (params) => {
      const page = galleryPage(db, params);
      // As in the timeline: of somebody not let in nothing is fetched before it is asked for.
      const isRequest = conversationById(db, params.conversationId)?.request !== 'none';
      if (params.kind === 'photos' && !isRequest)
        for (const { message } of page.items) o.downloads.wanted(message.id);
      return {
        ...page,
        items: page.items.map((item) => ({ ...item, message: o.changes.live(item.message) })),
      };
    },
    'messages.find': (params) => findInConversation(db, params),
    'messages.details': ({ id }) => deliveryTimes(db, id),
  };
}
