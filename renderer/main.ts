import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { useDrafts } from './features/conversation/drafts.ts';
import { useTimeline } from './features/conversation/timeline.ts';
import { useInbox } from './features/inbox/inbox.ts';
import { useNewChat } from './features/newchat/newchat.ts';
import { useNotifications } from './features/notifications/notifications.ts';
import { useStaged } from './features/photos/staged.ts';
import { useSettings } from './features/settings/settings.ts';
import { useApp } from './features/shell/app.ts';
import { useConnection } from './features/shell/connection.ts';
import { router } from './router.ts';
import { i18n } from './texts/index.ts';

const app = createApp(App).use(createPinia()).use(i18n).use(router);
app.config.errorHandler = (error) => console.error(error);

// Every store subscribes once, before anything is read, so that no event falls between.
useInbox().start();
useTimeline().start();
useStaged().start();
useNewChat().start();
useDrafts().start();
useNotifications().start((id) => void router.push({ name: 'inbox', params: { id } }));
void useConnection().start();
void useSettings().start();
void useApp().start();
app.mount('#app');
