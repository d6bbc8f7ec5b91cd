import { defineStore } from 'pinia';
import { computed, reactive, ref } from 'vue';
import { THIS_COMPUTER, type RegistrationForm } from '../../../contract/accounts.ts';
import { PostcardError } from '../../../contract/errors.ts';
import { ask } from '../../ask.ts';
import { fileSource } from '../../bridge/stage.ts';
import { problemText, t, type Problem } from '../../texts/index.ts';
import { placed, type FieldName } from './placed.ts';

/** Making an account, or signing in to one: what has been entered and what came of it. */
export const useWelcome = defineStore('welcome', () => {
  const mode = ref<'create' | 'signIn'>('create');
  const entered = reactive({ username: '', displayName: '', password: '', server: THIS_COMPUTER });
  const picture = ref<File | null>(null);
  const form = ref<RegistrationForm | null>(null);
  const answers = ref<Record<string, string>>({});
  const busy = ref(false);
  const problem = ref<Problem | null>(null);
  const missing = ref<FieldName | null>(null);

  const problems = computed(() => {
    const shown: Record<FieldName | 'other', string> = { username: '', password: '', server: '', other: '' };
    if (missing.value) shown[missing.value] = t(`welcome.required.${missing.value}`);
    else if (problem.value) {
      const { field, what } = placed(problem.value, entered.username);
      shown[field ?? 'other'] = problemText(what);
    }
    return shown;
  });

  function switchTo(next: 'create' | 'signIn') {
    mode.value = next;
    forget();
  }

  /** What was wrong is no longer so once something is changed. */
  function forget() {
    problem.value = null;
    missing.value = null;
  }

  /** The first box that has to be filled, or null. */
  function firstEmpty(): FieldName | null {
    if (entered.username.trim() === '') return 'username';
    if (entered.password === '') return 'password';
    return entered.server.trim() === '' ? 'server' : null;
  }

  async function create(): Promise<Problem | null> {
    const { username, displayName, password, server } = entered;
    const source = picture.value ? await fileSource(picture.value) : null;
    const outcome = await ask('accounts.create', {
      username,
      displayName,
      password,
      server,
      picture: source,
      form: form.value ? answers.value : null,
    });
    if (!outcome.ok) return outcome;
    takeForm(outcome.value);
    return null;
  }

  function takeForm(asked: RegistrationForm | null) {
    form.value = asked;
    answers.value = Object.fromEntries(asked?.fields.map(({ name, value }) => [name, value]) ?? []);
    for (const { name } of asked?.fields ?? []) {
      if (name === 'username') answers.value[name] = entered.username;
      if (name === 'password') answers.value[name] = entered.password;
    }
  }

  async function signIn(): Promise<Problem | null> {
    const { username, password, server } = entered;
    const outcome = await ask('accounts.signIn', { username, password, server });
    return outcome.ok ? null : outcome;
  }

  /** Returns the box to go to when one is empty. What was entered stays, whatever comes of it. */
  async function submit(quietly: boolean): Promise<FieldName | null> {
    if (busy.value) return null;
    forget();
    const empty = firstEmpty();
    if (empty) {
      if (!quietly) missing.value = empty;
      return empty;
    }
    busy.value = true;
    try {
      problem.value = await (mode.value === 'create' ? create() : signIn());
    } catch (error) {
      console.error('The picture could not be handed over', error);
      problem.value = error instanceof PostcardError ? error : { code: 'media-failed', detail: {} };
    } finally {
      busy.value = false;
    }
    return problem.value && placed(problem.value, entered.username).field;
  }

  /** A whole address says where its account is, unless a server was typed. */
  function serverFromAddress() {
    const domain = entered.username.split('@')[1]?.trim();
    if (mode.value === 'signIn' && domain?.includes('.') && entered.server === THIS_COMPUTER) {
      if (!domain.endsWith('.localhost') && !domain.endsWith('.invalid')) entered.server = domain;
    }
  }

  function clear() {
    entered.password = '';
    form.value = null;
    picture.value = null;
  }

  return {
    mode,
    entered,
    picture,
    form,
    answers,
    busy,
    problem,
    problems,
    switchTo,
    forget,
    submit,
    serverFromAddress,
    takeForm,
    clear,
  };
});
