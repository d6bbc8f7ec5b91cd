import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { PostcardError } from '../../../contract/errors.ts';
import { ask } from '../../ask.ts';
import { fileSource } from '../../bridge/stage.ts';
import { problemText, t, type Problem } from '../../texts/index.ts';

type Answer = { readonly ok: true } | ({ readonly ok: false } & Problem);

/** Changes to one's own account, one at a time; `problem` is why the last one did not work. */
export const useAccount = defineStore('account', () => {
  const busy = ref(false);
  const problem = ref<Problem | null>(null);

  async function run(call: () => Promise<Answer>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    const outcome = await call();
    busy.value = false;
    if (!outcome.ok) problem.value = outcome;
    return outcome.ok;
  }

  const setDisplayName = (displayName: string) => run(() => ask('accounts.setDisplayName', { displayName }));
  const changePassword = (password: string, newPassword: string) =>
    run(() => ask('accounts.changePassword', { password, newPassword }));
  const signOut = (deleteMessages: boolean) => run(() => ask('accounts.signOut', { deleteMessages }));
  const remove = (password: string) => run(() => ask('accounts.delete', { password }));

  /** `null` takes the picture away. */
  const setPicture = (file: File | null) =>
    run(async () => {
      try {
        return await ask('accounts.setPicture', { picture: file ? await fileSource(file) : null });
      } catch (error) {
        console.error('The picture could not be handed over', error);
        const { code, detail } = error instanceof PostcardError ? error : new PostcardError('file-missing');
        return { ok: false, code, detail };
      }
    });

  /** The words for `problem` where only one's own password was asked for. */
  const passwordProblem = computed(() => {
    if (!problem.value) return '';
    return problem.value.code === 'wrong-password'
      ? t('settingsAccount.wrongPassword')
      : problemText(problem.value);
  });

  const forget = () => (problem.value = null);
  return {
    busy,
    problem,
    passwordProblem,
    setDisplayName,
    changePassword,
    setPicture,
    signOut,
    remove,
    forget,
  };
});
