import { createRouter, createWebHashHistory } from 'vue-router';
import InboxPage from './features/inbox/InboxPage.vue';
import { later } from './ui/later.ts';

/** Every place of the window. In the address's fragment, so that both hosts serve one page. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/inbox/:id(\\d+)?', name: 'inbox', component: InboxPage },
    { path: '/archived/:id(\\d+)?', name: 'archived', component: InboxPage },
    {
      path: '/requests/:id(\\d+)?',
      name: 'requests',
      component: later(() => import('./features/requests/RequestsPage.vue')),
    },
    {
      path: '/requests/invitation/:invitation(\\d+)',
      name: 'invitation',
      component: later(() => import('./features/requests/RequestsPage.vue')),
    },
    { path: '/people', name: 'people', component: later(() => import('./features/people/PeoplePage.vue')) },
    {
      path: '/people/:address',
      name: 'person',
      component: later(() => import('./features/people/PersonPage.vue')),
    },
    {
      path: '/profile',
      name: 'profile',
      component: later(() => import('./features/profile/ProfilePage.vue')),
    },
    {
      path: '/settings',
      component: later(() => import('./features/settings/SettingsPage.vue')),
      children: [
        { path: '', name: 'settings', component: { render: () => null } },
        {
          path: 'privacy',
          children: [
            {
              path: '',
              name: 'settings-privacy',
              component: later(() => import('./features/privacy/PrivacyPage.vue')),
            },
            {
              path: 'messages',
              name: 'settings-privacy-messages',
              component: later(() => import('./features/privacy/DirectMessages.vue')),
            },
            {
              path: 'invites',
              name: 'settings-privacy-invites',
              component: later(() => import('./features/privacy/GroupInvitations.vue')),
            },
            {
              path: 'blocked',
              name: 'settings-privacy-blocked',
              component: later(() => import('./features/privacy/BlockedPeople.vue')),
            },
            {
              path: 'reports',
              name: 'settings-reports',
              component: later(() => import('./features/reports/ReportsPage.vue')),
            },
            {
              path: 'reports/:id(\\d+)',
              name: 'settings-report',
              component: later(() => import('./features/reports/ReportPage.vue')),
            },
          ],
        },
        {
          path: 'notifications',
          name: 'settings-notifications',
          component: later(() => import('./features/settings/NotificationSettings.vue')),
        },
        {
          path: 'account',
          name: 'settings-account',
          component: later(() => import('./features/settings/AccountSettings.vue')),
        },
        {
          path: 'appearance',
          name: 'settings-appearance',
          component: later(() => import('./features/settings/AppearanceSettings.vue')),
        },
        {
          path: 'shortcuts',
          name: 'settings-shortcuts',
          component: later(() => import('./features/settings/ShortcutSettings.vue')),
        },
      ],
    },
    { path: '/:rest(.*)*', redirect: '/inbox' },
  ],
});
