import { createPinia } from 'pinia';
import { computed, createApp, watch } from 'vue';
import App from './App.vue';
import { hostAnswers } from './ask.ts';
import { endFirst } from './bridge/first-calls.ts';
import { useDrafts } from './features/conversation/drafts.ts';
import { useTimeline } from './features/conversation/timeline.ts';
import { useGallery } from './features/gallery/gallery.ts';
import { useGroups } from './features/groups/groups.ts';
import { useJoinGroup } from './features/groups/joining.ts';
import { useMembers } from './features/groups/members.ts';
import { useInbox } from './features/inbox/inbox.ts';
import { useNewChat } from './features/newchat/newchat.ts';
import { useNotifications } from './features/notifications/notifications.ts';
import { usePeople } from './features/people/people.ts';
import { usePerson } from './features/people/person.ts';
import { hasFiles } from './features/photos/pictures.ts';
import { useComposing } from './features/conversation/composing.ts';
import { usePins } from './features/pins/pins.ts';
import { useStatus } from './features/status/status.ts';
import { useStaged } from './features/photos/staged.ts';
import { useAccountSettings } from './features/privacy/account-settings.ts';
import { useRequests } from './features/requests/requests.ts';
import { useReach } from './features/privacy/reach.ts';
import { useSettings } from './features/settings/settings.ts';
import { useStickers } from './features/stickers/stickers.ts';
import { useApp } from './features/shell/app.ts';
import { useConnection } from './features/shell/connection.ts';
import { useUndoSend } from './features/undo/undo-send.ts';
import { router } from './router.ts';
import { i18n } from './texts/index.ts';
import { fetchParts } from './ui/later.ts';

const app = createApp(App).use(createPinia()).use(i18n).use(router);
app.config.errorHandler = (error) => console.error(error);

// Every store subscribes once, before anything is read, so that no event falls between.
useInbox().start();
useTimeline().start();
useComposing().start();
usePins().start();
useGallery().start();
useStaged().start();
useStickers().start();
useNewChat().start();
useGroups().start();
useJoinGroup().start();
useMembers().start();
usePeople().start();
usePerson().start();
useDrafts().start();
useUndoSend().start();
useStatus().start();
useNotifications().start((id) => void router.push({ name: 'inbox', params: { id } }));
void useConnection().start();
void useSettings().start();
useAccountSettings().start();
useReach().start();
useRequests().start();
void useApp().start();
endFirst();
// What happened while the core could not be reached was told to nobody: all that is shown is read anew.
watch(hostAnswers, (answers) => {
  if (!answers) return;
  void Promise.all([
    useApp().load(),
    useConnection().load(),
    useInbox().reset(),
    useTimeline().refresh(),
    useUndoSend().look(),
    useAccountSettings().load(),
    useReach().load(),
    usePeople().load(),
    usePeople().reload(),
    usePerson().read(),
  ]);
});
// A file that misses the place to drop it must not take the place of the whole page.
for (const kind of ['dragover', 'drop'] as const) {
  document.addEventListener(kind, (event) => {
    if (!event.defaultPrevented && hasFiles(event.dataTransfer)) event.preventDefault();
  });
}
// Once there is a first screen, what it did without is fetched.
const firstScreen = computed(() => {
  const { phase, problem } = useApp();
  return phase === 'ready' ? useInbox().folders.inbox.loaded : phase !== null || problem !== null;
});
watch(firstScreen, (there) => there && void Promise.all([fetchParts(), useUndoSend().look()]), {
  immediate: true,
  flush: 'post',
});
app.mount('#app');
