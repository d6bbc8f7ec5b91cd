import '@fontsource-variable/inter/wght.css';
import '@infolektuell/noto-color-emoji/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { askFirst } from './bridge/first-calls.ts';

// Small on purpose: it connects and asks while the window's script, which the page fetches at the same time, is
// still being loaded and compiled.
askFirst();
void import('./main.ts');
