/** What a browser shows that has no cookie of this run: no script, no style, and nothing of the app. */
export function refusal(): Response {
  const page =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Postcard</title>' +
    '<h1>This address has been used</h1>' +
    '<p>An address of Postcard opens one browser, once. Start Postcard again: it prints a new address, ' +
    'and what is running goes on undisturbed.</p></html>';
  return new Response(page, {
    status: 403,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}
