import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import ts from 'typescript-eslint';

/** The parts of the house; the first pattern that matches names a file's part. */
const parts = [
  { type: 'contract', pattern: 'contract' },
  { type: 'preload', pattern: 'preload' },
  { type: 'renderer', pattern: 'renderer' },
  { type: 'store', pattern: 'main/store' },
  { type: 'xmpp', pattern: 'main/xmpp' },
  { type: 'media', pattern: 'main/media' },
  { type: 'hub', pattern: 'main/hub' },
  { type: 'features', pattern: 'main/features' },
  { type: 'electron-host', pattern: 'main/hosts/electron' },
  { type: 'browser-host', pattern: 'main/hosts/browser' },
  { type: 'hub-host', pattern: 'main/hosts/hub' },
  { type: 'hosts', pattern: 'main/hosts' },
  { type: 'core', pattern: 'main' },
  { type: 'scripts', pattern: 'scripts' },
];

/** Composition: the only files that may construct, and so see everything inward of the hosts. */
const roots = ['main/app.ts', 'main/account.ts', 'main/account-sending.ts', 'main/account-groups.ts'];
const testFiles = ['**/*.test.ts'];

const allow = (from, to) => ({
  from: { element: { type: from } },
  allow: { to: { element: { types: { anyOf: to } } } },
});

/** Imports point inward: what is not listed is an error. A part sees itself. */
const inward = [
  allow('contract', ['contract']),
  allow('preload', ['contract', 'preload']),
  allow('renderer', ['contract', 'renderer']),
  // These four never see each other; features join them.
  allow('store', ['contract', 'store']),
  allow('xmpp', ['contract', 'xmpp']),
  allow('media', ['contract', 'media']),
  allow('hub', ['contract', 'hub']),
  allow('features', ['contract', 'store', 'xmpp', 'media', 'hub', 'core', 'features']),
  // dispatch, ports, events, cli
  allow('core', ['contract', 'core', 'scripts']),
  allow('hosts', ['contract', 'core', 'hosts']),
  // The names of the two channels belong to the preload.
  allow('electron-host', ['contract', 'core', 'hosts', 'electron-host', 'preload']),
  allow('browser-host', ['contract', 'core', 'hosts', 'browser-host']),
  // The built-in server alone, without an application around it.
  allow('hub-host', ['contract', 'core', 'hosts', 'hub-host', 'hub']),
];

const dependencies = (policies) => ['error', { default: 'disallow', policies }];

export default ts.config(
  {
    ignores: ['out/', 'dist/', 'coverage/', 'test-results/', 'playwright-report/', '.cache/', '**/*.d.mts'],
  },
  js.configs.recommended,
  { languageOptions: { globals: globals.node } },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,vue}'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      // The compiler knows better.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // Objects here are closures, never classes with a `this` that could be lost.
      '@typescript-eslint/unbound-method': 'off',
      // Handlers and modules share signatures that are asynchronous for some of them.
      '@typescript-eslint/require-await': 'off',
      // Numbers in texts are meant as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['renderer/**/*.{ts,vue}'],
    extends: [vue.configs['flat/recommended']],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
    rules: {
      // Prettier lays templates out.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/attributes-order': 'off',
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
    },
  },
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-eval': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Identifier[name=/^is_?electron$/i]',
          message: 'One core, two hosts: give the host a port instead of asking which one it is.',
        },
        {
          selector: "MemberExpression[object.property.name='versions'][property.name='electron']",
          message: 'One core, two hosts: give the host a port instead of asking which one it is.',
        },
      ],
    },
  },
  { files: ['{contract,main,preload,renderer}/**/*.{ts,vue}'], rules: lengthLimit(300) },
  { files: testFiles, rules: lengthLimit(600) },
  {
    files: ['{contract,main,preload,renderer}/**/*.{ts,vue}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': parts,
      'boundaries/include': ['{contract,main,preload,renderer,scripts}/**'],
      'import/resolver': { node: { extensions: ['.ts', '.vue', '.mjs'] } },
    },
    rules: {
      'boundaries/dependencies': dependencies(inward),
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'electron', message: 'Only main/hosts/electron and preload know Electron.' }] },
      ],
    },
  },
  {
    files: ['main/hosts/electron/**/*.ts', 'preload/**/*.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: roots,
    rules: {
      'boundaries/dependencies': dependencies([
        allow('core', ['contract', 'core', 'features', 'store', 'xmpp', 'media', 'hub']),
      ]),
    },
  },
  {
    // Features may see core, but not what constructs them.
    files: ['main/{features,store,xmpp,media,hub}/**/*.ts'],
    ignores: testFiles,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '(^|/)(app|account|dispatch)\\.ts$',
              allowTypeImports: true,
              message: 'Only the composition root does.',
            },
          ],
        },
      ],
    },
  },
  {
    // A test may build a real neighbour instead of a mock.
    files: testFiles,
    rules: { 'boundaries/dependencies': 'off' },
  },
  {
    files: ['bench/**', 'tests/**', 'scripts/**'],
    rules: { 'no-console': 'off' },
  },
);

/** Files of about 200 lines; a hard look at 300. */
function lengthLimit(max) {
  return { 'max-lines': ['error', { max, skipBlankLines: true, skipComments: true }] };
}
