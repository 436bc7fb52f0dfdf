/**
 * The site that bench/crawl.ts crawls: made-up articles of 15 to 30 KB with what surrounds an article on the web (navigation, sidebars, related links,
 * comments, scripts), index pages that link to them, a sitemap and robots.txt. The same bytes in every run.
 */
const ARTICLES_PER_INDEX = 100;

export interface Article {
  readonly path: string;
  readonly title: string;
  /** A sentence of its main text that no other article has. */
  readonly mark: string;
}

export function describeArticle(number: number): Article {
  const id = String(number).padStart(5, '0');
  return {
    path: `/articles/${id}.html`,
    title: `Field notes ${id}: ${sentenceOf(createRandom(number), 5).slice(0, -1)}`,
    mark: `The notebook of this entry carries the number ${id}-${(number * 7919) % 99_991}.`,
  };
}

/** By the protocol its addresses are absolute: `origin` is what the crawler asked for. */
export function renderSitemap(origin: string, pages: number): string {
  const urls = Array.from(
    { length: pages },
    (_, number) => `<url><loc>${origin}${describeArticle(number).path}</loc><lastmod>${dayOf(number)}</lastmod></url>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`;
}

export function renderIndex(index: number, pages: number): string {
  const first = index * ARTICLES_PER_INDEX;
  const items = Array.from({ length: Math.max(Math.min(ARTICLES_PER_INDEX, pages - first), 0) }, (_, at) => linkTo(first + at));
  const next = first + ARTICLES_PER_INDEX < pages ? `<p><a rel="next" href="/index/${index + 1}.html">Older</a></p>` : '';
  return frame({ title: `All entries, page ${index + 1}`, head: '', main: `<h1>All entries</h1><ul>${items.join('')}</ul>${next}` });
}

export function renderArticle(number: number): string {
  const { path, title, mark } = describeArticle(number);
  const random = createRandom(number + 1_000_003);
  const author = `${pick(random, NAMES)} ${pick(random, NAMES)}`;
  const published = `${dayOf(number)}T09:30:00Z`;
  const ld = { '@context': 'https://schema.org', '@type': 'Article', headline: title, datePublished: published, author: { '@type': 'Person', name: author } };
  const head = [
    `<link rel="canonical" href="${path}">`,
    `<meta property="og:title" content="${title}"><meta property="og:type" content="article"><meta name="author" content="${author}">`,
    `<meta property="article:published_time" content="${published}"><meta name="description" content="${sentenceOf(random, 18)}">`,
    `<script type="application/ld+json">${JSON.stringify(ld)}</script>`,
  ].join('\n');
  const sections = Array.from({ length: 3 + random(4) }, (_, at) => renderSection(random, { at, mark: at === 1 ? mark : '' }));
  const article = `<article class="post entry" id="post-${number}"><header class="post-header"><h1 class="post-title">${title}</h1><p class="byline">By <a href="/people/${random(90)}">${author}</a>, <time datetime="${published}">${dayOf(number)}</time></p></header><div class="post-body">${sections.join('\n')}</div></article>`;
  const comments = Array.from({ length: 2 + random(8) }, (_, at) => renderComment(random, at));
  return frame({ title, head, main: `${article}\n<section class="comments" id="comments"><h2>Comments</h2>${comments.join('\n')}</section>` });
}

function renderSection(random: Random, { at, mark }: { readonly at: number; readonly mark: string }): string {
  const parts = [`<h2 id="part-${at}">${sentenceOf(random, 4).slice(0, -1)}</h2>`];
  for (let count = 2 + random(3); count > 0; count -= 1) parts.push(`<p>${paragraphOf(random)}</p>`);
  if (mark !== '') parts.push(`<p>${mark} ${paragraphOf(random)}</p>`);
  if (at % 3 === 1)
    parts.push(`<figure><img src="/img/${random(500)}.jpg" alt="${sentenceOf(random, 6)}"><figcaption>${sentenceOf(random, 9)}</figcaption></figure>`);
  if (at % 3 === 2) parts.push(`<ul>${Array.from({ length: 4 }, () => `<li>${sentenceOf(random, 12)}</li>`).join('')}</ul>`);
  if (at % 4 === 3) parts.push(`<blockquote><p>${paragraphOf(random)}</p></blockquote>`);
  return parts.join('\n');
}

function renderComment(random: Random, at: number): string {
  const name = pick(random, NAMES);
  return `<div class="comment depth-${random(3)}" id="comment-${at}"><div class="comment-meta"><img class="avatar" src="/avatars/${random(900)}.png" alt=""><span class="comment-author">${name}</span> <a class="permalink" href="#comment-${at}">${1 + random(20)} days ago</a></div><div class="comment-text"><p>${paragraphOf(random)}</p></div><div class="comment-actions"><a href="#reply" class="reply" data-id="${at}">Reply</a> <button class="vote" type="button">Helpful (${random(40)})</button></div></div>`;
}

/** What is the same on every page of a site, as it is on real ones. */
function frame({ title, head, main }: { readonly title: string; readonly head: string; readonly main: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/site.css"><link rel="icon" href="/favicon.ico">
${head}
<style>${STYLE}</style>
<script>${SCRIPT}</script></head>
<body class="single"><a class="skip" href="#main">Skip to content</a>
<header class="site-header" role="banner"><div class="logo"><a href="/">The Long Notebook</a></div><nav class="main-nav" role="navigation"><ul class="menu">${MENU}</ul></nav><form class="search" action="/search"><input type="search" name="q" placeholder="Search"><button>Go</button></form></header>
<div class="layout"><main id="main" class="content">${main}</main>
<aside class="sidebar" role="complementary">${SIDEBAR}</aside></div>
<footer class="site-footer"><div class="columns">${FOOTER}</div><p class="small">All entries are made up. <a href="/terms">Terms</a> <a href="/privacy">Privacy</a></p></footer>
<script>${SCRIPT}</script></body></html>
`;
}

function linkTo(number: number): string {
  const { path, title } = describeArticle(number);
  return `<li><a href="${path}">${title}</a></li>`;
}

function dayOf(number: number): string {
  return new Date(Date.UTC(2025, 0, 1 + (number % 365))).toISOString().slice(0, 10);
}

/** Xorshift32 (Marsaglia 2003, "Xorshift RNGs"), one for each page, so that a page does not depend on those before it. */
type Random = (below: number) => number;
function createRandom(seed: number): Random {
  let state = (Math.imul(seed + 1, 2_654_435_761) | 1) >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function pick(random: Random, values: readonly string[]): string {
  return values[random(values.length)] as string;
}

function sentenceOf(random: Random, words: number): string {
  const text = Array.from({ length: words }, () => pick(random, WORDS)).join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Three to six sentences, now and then with a link or an emphasis in it. */
function paragraphOf(random: Random): string {
  return Array.from({ length: 3 + random(4) }, () => {
    const sentence = sentenceOf(random, 9 + random(14));
    const kind = random(8);
    if (kind === 0) return `${sentence.slice(0, -1)}, as <a href="/articles/${String(random(5_000)).padStart(5, '0')}.html">${pick(random, WORDS)}</a>.`;
    return kind === 1 ? `<em>${sentence}</em>` : sentence;
  }).join(' ');
}

const WORDS =
  'after again all along always and another around as at autumn back because before began behind better between both brought by calm careful city clear close cold colour common day deep different door early earth evening every few field fine first follow for found from garden gave green half hand heard high hill hour house in into keep kind knew known land large last late leave letter light like little long low made many might mile moment more morning most mountain moved much near never new next night north nothing of often old on once one open other our over paper part path people place plain quiet rain river road room round said same saw sea season seen several short side silver slow small snow some soon south spring still stone story street summer sun table than that the their then there these thing think this though time to together took town tree turn under until upon very village voice walk wall warm water way weather week well west what when where which while white wide wind window winter with without wood word work year young'.split(
    ' ',
  );
const NAMES = 'Alma Bram Cora Dario Edda Femke Goran Hanne Ivo Jutta Kalle Lior Mara Nils Oda Pavel Runa Sven Tilde Uwe Vera Wanda Yara Zeno'.split(' ');

const fixed = createRandom(42);
const MENU = Array.from(
  { length: 28 },
  (_, at) =>
    `<li class="menu-item menu-item-${at}"><a href="/topics/${at}" title="${sentenceOf(fixed, 3)}"><span>${pick(fixed, WORDS)} ${pick(fixed, WORDS)}</span></a></li>`,
).join('');
const SIDEBAR = ['Most read', 'Newest', 'From the archive']
  .map(
    (heading) =>
      `<section class="widget"><h3 class="widget-title">${heading}</h3><ul>${Array.from({ length: 10 }, () => linkTo(fixed(5_000))).join('')}</ul></section>`,
  )
  .join('\n');
const FOOTER = Array.from(
  { length: 4 },
  (_, column) =>
    `<div class="column"><h4>${pick(fixed, WORDS)}</h4><ul>${Array.from({ length: 7 }, (_, at) => `<li><a href="/pages/${column}-${at}">${sentenceOf(fixed, 3).slice(0, -1)}</a></li>`).join('')}</ul></div>`,
).join('');
const STYLE = Array.from(
  { length: 24 },
  (_, at) => `.block-${at} .inner{display:flex;margin:${at}px auto;color:#${String(fixed(999_999)).padStart(6, '0')}}`,
).join('');
const SCRIPT = `window.site=window.site||{queue:[]};${Array.from({ length: 14 }, (_, at) => `site.queue.push({name:"event-${at}",value:${fixed(9_999)},when:Date.now()});`).join('')}`;
