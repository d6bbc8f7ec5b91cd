import { createRouter, createWebHashHistory } from 'vue-router';
import InboxPage from './features/inbox/InboxPage.vue';
import ProfilePage from './features/profile/ProfilePage.vue';
import AccountSettings from './features/settings/AccountSettings.vue';
import AppearanceSettings from './features/settings/AppearanceSettings.vue';
import NotificationSettings from './features/settings/NotificationSettings.vue';
import SettingsPage from './features/settings/SettingsPage.vue';
import ShortcutSettings from './features/settings/ShortcutSettings.vue';

/** Every place of the window. In the address's fragment, so that both hosts serve one page. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/inbox/:id(\\d+)?', name: 'inbox', component: InboxPage },
    { path: '/archived/:id(\\d+)?', name: 'archived', component: InboxPage },
    {
      path: '/requests/:id(\\d+)?',
      name: 'requests',
      component: () => import('./features/requests/RequestsPage.vue'),
    },
    {
      path: '/requests/invitation/:invitation(\\d+)',
      name: 'invitation',
      component: () => import('./features/requests/RequestsPage.vue'),
    },
    { path: '/people', name: 'people', component: () => import('./features/people/PeoplePage.vue') },
    {
      path: '/people/:address',
      name: 'person',
      component: () => import('./features/people/PersonPage.vue'),
    },
    { path: '/profile', name: 'profile', component: ProfilePage },
    {
      path: '/settings',
      component: SettingsPage,
      children: [
        { path: '', name: 'settings', component: { render: () => null } },
        {
          path: 'privacy',
          children: [
            {
              path: '',
              name: 'settings-privacy',
              component: () => import('./features/privacy/PrivacyPage.vue'),
            },
            {
              path: 'messages',
              name: 'settings-privacy-messages',
              component: () => import('./features/privacy/DirectMessages.vue'),
            },
            {
              path: 'invites',
              name: 'settings-privacy-invites',
              component: () => import('./features/privacy/GroupInvitations.vue'),
            },
            {
              path: 'blocked',
              name: 'settings-privacy-blocked',
              component: () => import('./features/privacy/BlockedPeople.vue'),
            },
            {
              path: 'reports',
              name: 'settings-reports',
              component: () => import('./features/reports/ReportsPage.vue'),
            },
            {
              path: 'reports/:id(\\d+)',
              name: 'settings-report',
              component: () => import('./features/reports/ReportPage.vue'),
            },
          ],
        },
        { path: 'notifications', name: 'settings-notifications', component: NotificationSettings },
        { path: 'account', name: 'settings-account', component: AccountSettings },
        { path: 'appearance', name: 'settings-appearance', component: AppearanceSettings },
        { path: 'shortcuts', name: 'settings-shortcuts', component: ShortcutSettings },
      ],
    },
    { path: '/:rest(.*)*', redirect: '/inbox' },
  ],
});
