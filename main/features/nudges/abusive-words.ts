/**
 * Insults, slurs and threats aimed at a person, in the languages Postcard's people write most. A list, not a model:
 * it knows no irony and no context, misses most of what hurts, and sometimes means the wrong thing. That is why it only
 * ever asks the writer, on the writer's own computer, and tells nobody. Words about bodies are not in it: people who
 * photograph bodies use them every day (docs/decisions/nudges.md).
 *
 * A `*` at the end stands for any ending.
 */
export const abusiveWords: readonly string[] = [
  // English
  ...['kill yourself', 'kys', 'go die', 'drop dead', 'i will kill you', 'i ll kill you', 'gonna kill you'],
  ...[
    'hope you die',
    'i will find you',
    'i know where you live',
    'you deserve to die',
    'fuck you',
    'fuck off',
  ],
  ...['piece of shit', 'worthless bitch', 'stupid bitch', 'dumb bitch', 'you bitch', 'whore', 'slut', 'cunt'],
  ...['asshole', 'motherfucker*', 'dickhead', 'wanker', 'retard*', 'faggot*', 'nigger*', 'kike', 'tranny'],
  ...['you idiot', 'you moron', 'you are pathetic', 'you re pathetic', 'shut the fuck up', 'stfu', 'scumbag'],
  // Deutsch
  ...['bring dich um', 'ich bring dich um', 'ich weiss wo du wohnst', 'verreck*', 'fick dich', 'hurensohn*'],
  ...[
    'hure',
    'schlampe*',
    'fotze*',
    'arschloch',
    'wichser*',
    'missgeburt*',
    'drecksau',
    'dreckstuck',
    'halt die fresse',
  ],
  ...['du idiot', 'du opfer', 'spast*', 'schwuchtel*', 'kanake*', 'du schwein'],
  // Français
  ...[
    'va te faire foutre',
    'ta gueule',
    'ferme ta gueule',
    'je vais te tuer',
    'va mourir',
    'creve',
    'salope*',
  ],
  ...[
    'pute',
    'fils de pute',
    'connard*',
    'connasse*',
    'encule*',
    'batard*',
    'sale arabe',
    'sale juif',
    'pede',
    'ntm',
  ],
  // Español
  ...[
    'te voy a matar',
    'matate',
    'muerete',
    'hijo de puta',
    'hija de puta',
    'puta de mierda',
    'vete a la mierda',
  ],
  ...['zorra', 'gilipollas', 'pendejo*', 'maricon*', 'subnormal', 'cabron*', 'se donde vives', 'imbecil'],
  // Português
  ...[
    'vou te matar',
    'vai morrer',
    'vai se foder',
    'vai tomar no cu',
    'filho da puta',
    'filha da puta',
    'vagabunda',
  ],
  ...['arrombad*', 'viado', 'desgracad*', 'piranha', 'otario'],
  // Italiano
  ...[
    'ti ammazzo',
    'ammazzati',
    'devi morire',
    'vaffanculo',
    'figlio di puttana',
    'troia',
    'puttana',
    'stronz*',
  ],
  ...['coglione', 'frocio', 'so dove abiti', 'bastardo', 'bastarda'],
  // Nederlands
  ...[
    'ik maak je dood',
    'ga dood',
    'kankerhoer',
    'kankerlijer',
    'kutwijf',
    'klootzak*',
    'hoer',
    'flikker op',
    'mongool',
  ],
  // Polski
  ...[
    'zabije cie',
    'zabij sie',
    'zdychaj',
    'kurwo',
    'ty kurwo',
    'jebaj sie',
    'pierdol sie',
    'skurwysyn*',
    'szmato',
    'debilu',
  ],
  // Türkçe
  ...['seni oldururum', 'geber', 'orospu*', 'siktir git', 'amina koyayim', 'pic kurusu', 'ibne', 'serefsiz'],
  // Русский, Українська
  ...['убью тебя', 'я тебя убью', 'убей себя', 'сдохни', 'сука', 'шлюха', 'пидор*', 'пидарас*', 'иди на хуй'],
  ...['иди нахуй', 'пошел на хуй', 'пошла на хуй', 'мразь', 'тварь', 'хохол*', 'я знаю где ты живешь'],
  ...['здохни', 'вбий себе', 'йди на хуй', 'курва', 'москаль*'],
  // العربية
  ...['سأقتلك', 'اقتل نفسك', 'يا كلب', 'يا حمار', 'يا عاهرة', 'شرموطة', 'ابن الكلب', 'كس امك'],
  // 中文, 日本語, 한국어
  ...[
    '去死',
    '我要杀了你',
    '操你妈',
    '傻逼',
    '贱人',
    '婊子',
    '王八蛋',
    '死ね',
    '殺すぞ',
    '自殺しろ',
    'くたばれ',
  ],
  ...['クソ女', 'ブス', '죽어버려', '죽여버릴', '씨발놈', '씨발년', '병신', '개새끼', '자살해'],
];
