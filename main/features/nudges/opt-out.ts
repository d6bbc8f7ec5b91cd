/** What people write to get no more automatic messages: the word alone, as on other networks. */
const words: ReadonlySet<string> = new Set([
  ...['stop', 'stopall', 'stop all', 'unsubscribe', 'opt out', 'optout', 'opt-out', 'cancel', 'end', 'quit'],
  ...['stopp', 'abmelden', 'abbestellen', 'keine werbung', 'arrêt', 'arret', 'arrêter', 'désabonner', 'baja'],
  ...['parar', 'cancelar', 'sair', 'disiscriviti', 'annulla', 'afmelden', 'wypisz', 'çıkış', 'dur', 'ret'],
  ...[
    'стоп',
    'отписаться',
    'відписатися',
    'توقف',
    'إلغاء',
    '停止',
    '退订',
    '退訂',
    '配信停止',
    '수신거부',
    '중지',
  ],
]);

/** Whether a message says STOP and nothing else. */
export function saysStop(text: string): boolean {
  if (text.length > 40) return false;
  const said = text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[.!"'„“”«»\s]+/gu, ' ')
    .trim();
  return words.has(said);
}
