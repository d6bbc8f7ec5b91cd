/** Pictures of the demo, drawn in a space of 300 × 200. */
export const scenes = {
  dawn: `<linearGradient id="s" x2="0" y2="1"><stop stop-color="#29335c"/><stop offset=".6" stop-color="#f3a712"/><stop offset="1" stop-color="#f7d08a"/></linearGradient>
    <rect width="300" height="200" fill="url(#s)"/><circle cx="190" cy="120" r="22" fill="#fff3d0"/>
    <path d="M0 160 60 100 110 150 170 90 240 150 300 120V200H0z" fill="#3d2c4f"/><path d="M0 180 80 150 160 178 230 155 300 175V200H0z" fill="#241a33"/>`,
  sea: `<linearGradient id="s" x2="0" y2="1"><stop stop-color="#bfe3f5"/><stop offset="1" stop-color="#f6fbff"/></linearGradient>
    <rect width="300" height="200" fill="url(#s)"/><rect y="105" width="300" height="95" fill="#2a7f9e"/>
    <path d="M0 130q25-10 50 0t50 0 50 0 50 0 50 0 50 0V200H0z" fill="#236b86"/><path d="M150 60v58h-44z" fill="#fff"/><path d="M154 72v46h30z" fill="#ffe5e0"/><path d="M96 122h100l-16 16h-68z" fill="#8a3b2b"/>`,
  forest: `<rect width="300" height="200" fill="#dfe9d8"/><g fill="#7fa07a"><path d="M20 200 60 60 100 200zM90 200 130 80 170 200zM200 200 240 50 280 200z"/></g>
    <g fill="#3f6b4a"><path d="M-10 200 25 95 60 200zM55 200 95 110 135 200zM140 200 185 90 230 200zM225 200 270 105 315 200z"/></g><rect y="188" width="300" height="12" fill="#2c4a34"/>`,
  market: `<rect width="300" height="200" fill="#f5ead9"/><g><path d="M20 70h260l-14-34H34z" fill="#c8553d"/><path d="M59 36h26l-8 34H46zM111 36h26l-3 34h-31zM163 36h26l8 34h-31zM215 36h26l14 34h-31z" fill="#fff4ec"/></g>
    <rect x="34" y="130" width="232" height="50" fill="#8f6a48"/><g fill="#e4572e"><circle cx="66" cy="124" r="12"/><circle cx="92" cy="124" r="12"/><circle cx="79" cy="108" r="12"/></g><g fill="#8ab17d"><circle cx="140" cy="124" r="12"/><circle cx="166" cy="124" r="12"/></g><g fill="#f4c542"><circle cx="214" cy="124" r="12"/><circle cx="240" cy="124" r="12"/><circle cx="227" cy="108" r="12"/></g>`,
} as const;

export interface Person {
  readonly username: string;
  readonly name: string;
  readonly picture: keyof typeof scenes;
  readonly says: readonly string[];
  readonly photos: readonly { readonly scene: keyof typeof scenes; readonly caption: string }[];
}

export const you: Person = { username: 'you', name: 'You', picture: 'dawn', says: [], photos: [] };

export const cast: readonly Person[] = [
  {
    username: 'amara',
    name: 'Amara Okafor',
    picture: 'market',
    says: ['Hello! The prints arrived, they look wonderful.', 'Could you send the market one in full size?'],
    photos: [{ scene: 'market', caption: 'This one, for the poster' }],
  },
  {
    username: 'jonas',
    name: 'Jonas Lindqvist',
    picture: 'forest',
    says: ['Back from the north. It rained for a week, and it was worth it.'],
    photos: [
      { scene: 'forest', caption: 'First morning without rain' },
      { scene: 'dawn', caption: 'Four o’clock, no filter' },
    ],
  },
  {
    username: 'mei',
    name: '林美 Mei Lin',
    picture: 'sea',
    says: ['Are you coming to the harbour on Saturday? 🌊', '週六見!'],
    photos: [{ scene: 'sea', caption: '' }],
  },
];

/** The group of the demo; `by`: 0 who made it (the first of the cast), 1 whose app it is, then the others of the cast. */
export const club = {
  name: 'Photo club',
  says: [
    { by: 0, text: 'Welcome to the photo club! This month: what the light does at six in the morning.' },
    { by: 2, text: 'Count me in. I am up then anyway.' },
    { by: 3, text: 'May it be the harbour? 🌅' },
    { by: 0, text: 'Anywhere. Show us on Sunday.' },
  ],
} as const;
