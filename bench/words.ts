import { between, pick } from './random.ts';

const latin =
  `the a of and to in you that it is was for on are with his they at be this have from or one had by word but not
  what all were we when your can said there use each which she do how their if will up other about out many then
  them these so some her would make like him into time has look two more write go see number no way could people my
  than first water been call who oil its now find long down day did get come made may part photo picture light
  shadow colour print lens morning evening river garden bridge window mountain café naïve über señor crème Zürich
  Ålesund smörgåsbord façade exposure contrast portrait gallery proof delivery deadline invoice retouch backdrop`.split(
    /\s+/,
  );
const han =
  '的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从知使现动问感谢照片今天明天晚上早上吃饭朋友';
const kana = 'こんにちはありがとうございますおはようさようならしゃしんをみせてくださいカメラレンズフィルム';
const hangul = '안녕하세요감사합니다사진을보내주세요오늘내일저녁아침친구바다산하늘';
const arabic =
  'مرحبا شكرا صورة جميلة اليوم غدا مساء صباح صديق بحر جبل سماء ضوء ظل لون عدسة نافذة حديقة نهر جسر كيف حالك'.split(
    ' ',
  );
const cyrillic =
  'привет спасибо фотография сегодня завтра вечер утро друг море гора небо свет тень цвет'.split(' ');
const emoji = ['😀', '😂', '❤️', '👍', '🎉', '📷', '🌅', '🙏', '🔥', '✨', '👩‍🎨', '🏳️‍🌈'];

const spaced = (random: () => number, words: readonly string[], most: number): string =>
  Array.from({ length: between(random, 2, most) }, () => pick(random, words)).join(' ');
const dense = (random: () => number, characters: string, most: number): string => {
  const all = [...characters];
  return Array.from({ length: between(random, 2, most) }, () => pick(random, all)).join('');
};

/** A text as people write them: 70 % Latin, 15 % Chinese, Japanese or Korean, 7 % Arabic, 5 % Cyrillic, emoji. */
export function sentence(random: () => number): string {
  const kind = random();
  const tail = random() < 0.12 ? ` ${pick(random, emoji)}` : '';
  if (kind < 0.7) return spaced(random, latin, 16) + tail;
  if (kind < 0.79) return dense(random, han, 24) + tail;
  if (kind < 0.82) return dense(random, kana, 24) + tail;
  if (kind < 0.85) return dense(random, hangul, 20) + tail;
  if (kind < 0.92) return spaced(random, arabic, 10) + tail;
  if (kind < 0.97) return spaced(random, cyrillic, 10) + tail;
  return pick(random, emoji);
}
