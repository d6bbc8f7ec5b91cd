/**
 * Sites that are imitated most: shops, banks, mail, social networks, wallets, parcel services. Registrable domains.
 * A site missing here is only not protected against look-alikes; what imitates one of these is warned of.
 */
export const knownSites: readonly string[] = [
  ...['google.com', 'youtube.com', 'gmail.com', 'microsoft.com', 'live.com', 'outlook.com', 'office.com'],
  ...['apple.com', 'icloud.com', 'amazon.com', 'amazon.co.uk', 'amazon.de', 'ebay.com', 'etsy.com'],
  ...['aliexpress.com', 'alibaba.com', 'shopify.com', 'walmart.com', 'ikea.com', 'zalando.com', 'temu.com'],
  ...['paypal.com', 'stripe.com', 'wise.com', 'revolut.com', 'venmo.com', 'klarna.com', 'visa.com'],
  ...['mastercard.com', 'americanexpress.com', 'chase.com', 'wellsfargo.com', 'bankofamerica.com'],
  ...['citibank.com', 'hsbc.com', 'barclays.co.uk', 'santander.com', 'ing.com', 'deutsche-bank.de'],
  ...['sparkasse.de', 'commerzbank.de', 'bnpparibas.com', 'coinbase.com', 'binance.com', 'kraken.com'],
  ...['metamask.io', 'ledger.com', 'facebook.com', 'instagram.com', 'whatsapp.com', 'messenger.com'],
  ...['tiktok.com', 'snapchat.com', 'twitter.com', 'threads.net', 'reddit.com', 'pinterest.com'],
  ...['linkedin.com', 'telegram.org', 'signal.org', 'discord.com', 'twitch.tv', 'tumblr.com', 'vk.com'],
  ...['wechat.com', 'weibo.com', 'baidu.com', 'yandex.ru', 'mail.ru', 'yahoo.com', 'proton.me', 'gmx.net'],
  ...['web.de', 'github.com', 'gitlab.com', 'dropbox.com', 'wetransfer.com', 'adobe.com', 'canva.com'],
  ...['zoom.us', 'slack.com', 'netflix.com', 'spotify.com', 'disneyplus.com', 'steampowered.com'],
  ...['steamcommunity.com', 'roblox.com', 'epicgames.com', 'playstation.com', 'nintendo.com', 'airbnb.com'],
  ...['booking.com', 'uber.com', 'dhl.com', 'dhl.de', 'fedex.com', 'ups.com', 'usps.com', 'royalmail.com'],
  ...['hermesworld.com', 'dpd.com', 'patreon.com', 'onlyfans.com', 'ko-fi.com', 'kickstarter.com'],
  ...['gofundme.com', 'wikipedia.org', 'wordpress.com', 'squarespace.com', 'wix.com', 'medium.com'],
  ...['substack.com', 'linktr.ee', 'flickr.com', '500px.com', 'behance.net', 'deviantart.com', 'vimeo.com'],
];

/** Services that hide where a link leads. */
export const shorteners: ReadonlySet<string> = new Set([
  ...['bit.ly', 'bitly.com', 'j.mp', 't.co', 'tinyurl.com', 'tiny.cc', 'tiny.one', 'goo.gl', 'is.gd', 'v.gd'],
  ...[
    'ow.ly',
    'buff.ly',
    'rb.gy',
    'cutt.ly',
    'lnkd.in',
    't.ly',
    'shorturl.at',
    'short.io',
    'short.gy',
    's.id',
  ],
  ...['bl.ink', 'rebrand.ly', 'amzn.to', 'amzn.eu', 'ebay.us', 'fb.me', 'dub.sh', 'dub.co', 'qr.ae', 'x.gd'],
  ...['clck.ru', 'vk.cc', 'u.to', 'soo.gd', 'adf.ly', 'ouo.io', 'shorte.st', 'lc.chat', 'snip.ly', 'trib.al'],
  ...[
    'dlvr.it',
    'ift.tt',
    'mcaf.ee',
    'kutt.it',
    '0x0.st',
    'urlz.fr',
    'shrtco.de',
    'n9.cl',
    'qrco.de',
    'spoti.fi',
  ],
]);
