/**
 * The one style sheet, served at /assets/hearsay.css. System fonts, nothing from other hosts. Colours are chosen for a
 * contrast of at least 4.5:1 against their background in both schemes (WCAG 2.2, 1.4.3); test/unit/api/stylesheet.test.ts
 * computes it from the tables below.
 */

export interface Palette {
  readonly ground: string;
  readonly raised: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly link: string;
  readonly improves: string;
  readonly worsens: string;
  readonly same: string;
  readonly warning: string;
  readonly warningGround: string;
  /** Behind quoted words. */
  readonly quote: string;
  readonly person: string;
}

export const LIGHT: Palette = {
  ground: '#ffffff',
  raised: '#f4f5f7',
  ink: '#1b1f24',
  quiet: '#4d5661',
  line: '#c9ced6',
  link: '#0b4f9e',
  improves: '#1f6f43',
  worsens: '#a8321f',
  same: '#5b6470',
  warning: '#5c3c00',
  warningGround: '#fff4d6',
  quote: '#fdf6e0',
  person: '#1f6f43',
};
export const DARK: Palette = {
  ground: '#14171b',
  raised: '#1e2329',
  ink: '#e8eaed',
  quiet: '#b3bac4',
  line: '#3d4550',
  link: '#8ab9ff',
  improves: '#67c48f',
  worsens: '#ff9080',
  same: '#a7b0bc',
  warning: '#ffe0a0',
  warningGround: '#3a2d0c',
  quote: '#2b281d',
  person: '#67c48f',
};

function declare(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${colour};`)
    .join('');
}

const SERIF = 'Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Noto Serif","DejaVu Serif",serif';

/** Dark is for screens: paper is white whatever the reader's scheme. */
export const STYLESHEET = `:root{${declare(LIGHT)}}
@media screen{:root{color-scheme:light dark}}
@media screen and (prefers-color-scheme:dark){:root{${declare(DARK)}}}
*{box-sizing:border-box}
html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);overflow-wrap:break-word}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:from-font}
a:hover{text-decoration-thickness:2px}
a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
main:focus{outline:none}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--ground);color:var(--link);z-index:1}

p.notice{margin:0;padding:.6rem 1.25rem;background:var(--warning-ground);color:var(--warning);border-bottom:2px solid currentColor;text-align:center;font-weight:600}
header.site,main,footer{max-width:54rem;margin:0 auto;padding:0 1.25rem}
header.site{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:baseline;padding-top:1rem;padding-bottom:.6rem}
header.site a{font:700 1.2rem/1.4 ${SERIF};text-decoration:none;color:var(--ink)}
header.site span{font-size:.92rem}
footer{margin-top:3rem;padding-bottom:3rem;color:var(--quiet);font-size:.95rem}
footer h2{font-size:1.1rem}
footer a{margin-right:1.25rem}

h1,h2{font-family:${SERIF};text-wrap:balance}
h1{font-size:2.5rem;line-height:1.15;margin:1.25rem 0 .5rem}
h2{font-size:1.6rem;line-height:1.25;margin:3rem 0 .6rem;padding-top:.9rem;border-top:3px solid var(--ink)}
h3{font-size:1.12rem;line-height:1.35;margin:2rem 0 .35rem}
p,ul,ol,dl,figure{margin:.6rem 0}
main p,main li,main dd{max-width:46rem}
li{margin:.2rem 0}
.lead{font-size:1.2rem;line-height:1.5;color:var(--quiet);max-width:44rem}
.quiet,.meta{color:var(--quiet)}
.meta{font-size:.92rem}
.back{margin-top:1rem}
.back+h1{margin-top:.5rem}
time{white-space:nowrap}
.empty{color:var(--quiet);font-style:italic}
.note{background:var(--warning-ground);color:var(--warning);padding:.7rem 1rem;border-left:4px solid currentColor;margin:1.25rem 0}
.note p{margin:.2rem 0;max-width:none}

.glance{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:1px;background:var(--line);border:1px solid var(--line);margin:1.25rem 0 .75rem}
.glance>div{background:var(--ground);padding:.75rem 1rem}
.glance dt{font-size:.85rem;font-weight:600;color:var(--quiet)}
.glance dd{margin:0;font-size:.88rem;line-height:1.4}
.glance dt+dd{font:700 1.75rem/1.3 ${SERIF}}
.glance dt+dd a{text-decoration-thickness:2px}

nav.contents ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;font-size:.95rem}
@media (min-width:70rem){
.article header.site,.article main,.article footer{max-width:72rem}
.article main{display:grid;grid-template-columns:12.5rem minmax(0,1fr);column-gap:3rem}
.article .top{grid-column:1/-1}
.article footer{padding-left:16.75rem}
nav.contents{position:sticky;top:0;align-self:start;padding:3rem 0 1rem;max-height:100vh;overflow-y:auto}
nav.contents ul{display:block;border-left:1px solid var(--line);padding-left:1rem;margin:0}
nav.contents li{margin:.3rem 0}
nav.contents a{text-decoration:none}
nav.contents a:hover{text-decoration:underline}
}

dl.profile{display:grid;grid-template-columns:minmax(8rem,12rem) 1fr;gap:.6rem 1.5rem}
dl.profile dt{font-weight:600}
dl.profile dd{margin:0}
dl.profile dd ul{margin:0;padding-left:1.1rem}

.scroll{overflow-x:auto;margin:1.25rem 0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding:.25rem 0 .4rem}
th,td{text-align:left;vertical-align:baseline;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}
thead th{font-size:.85rem;color:var(--quiet);border-bottom:2px solid var(--line)}
th[scope=row]{font-weight:500}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
td.number{white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
td.definition{color:var(--quiet);font-size:.92rem;padding-left:.5rem}
th.definition{padding-left:.5rem}
tr.sum th,tr.sum td{border-top:2px solid var(--ink)}
tr.sum th,tr.sum td.number{font-weight:700}
tbody+tbody tr:first-child th,tbody+tbody tr:first-child td{padding-top:1rem}
table.header td,code{overflow-wrap:anywhere}

.verdict{background:var(--raised);padding:1rem 1.25rem;margin:1.25rem 0}
.verdict h3{margin:0;font-weight:500}
.verdict p{font-size:.92rem}
.ladder{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem;margin:.75rem 0}
.ladder li{flex:1 1 7rem;margin:0;padding:.3rem .6rem;border:1px solid var(--line);border-top-width:4px;color:var(--quiet);font-size:.92rem}
.ladder [aria-current]{border-color:var(--ink);color:var(--ink);font-weight:700;background:var(--ground)}

ul.claims{list-style:none;padding:0}
ul.claims>li{max-width:none;margin:0;padding:1rem 0;border-top:1px solid var(--line)}
ul.claims p{margin:.25rem 0}
.statement{font-weight:500}
blockquote{margin:.5rem 0;padding:.5rem .9rem;background:var(--quote);border-left:4px solid var(--warning);font-family:${SERIF};font-size:1.05rem;max-width:46rem}
blockquote p{margin:0}
.whole{white-space:pre-line}
.tags{line-height:1.9}
.tag{display:inline-block;border:1px solid var(--line);border-radius:.25rem;padding:0 .45rem;font-size:.85rem;line-height:1.5;color:var(--quiet);background:var(--ground)}
.tag.machine{border-style:dashed;border-color:var(--quiet)}
.tag.person{border-color:var(--person);color:var(--person);font-weight:600}
.tag.waits{border-color:var(--warning);background:var(--warning-ground);color:var(--warning)}
.tag.improves{border-color:var(--improves);color:var(--improves);font-weight:600}
.tag.worsens{border-color:var(--worsens);color:var(--worsens);font-weight:600}
.tag.same{border-color:var(--same);color:var(--same);font-weight:600}
.links,.claims .meta{overflow-wrap:anywhere}
.legend{font-size:.92rem;color:var(--quiet);line-height:1.9}
ul.topics{list-style:none;padding:0}
ul.topics>li{padding:1rem 0;margin:0;border-top:1px solid var(--line)}
ul.topics h3{margin:0;font:700 1.35rem/1.3 ${SERIF}}
ul.topics p{margin:.3rem 0}
.neighbours{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;justify-content:space-between}

.bars{list-style:none;padding:0;margin:.75rem 0}
.bars li{max-width:none;display:grid;grid-template-columns:minmax(7rem,13rem) minmax(5rem,1fr) minmax(7rem,14rem);gap:0 .9rem;align-items:center;padding:.2rem 0}
svg.bar{width:100%;height:1.1rem;display:block;background:var(--raised)}
svg .improves{fill:var(--improves)}
svg .worsens{fill:var(--worsens)}
svg .same{fill:var(--same)}
.bars .quiet{font-size:.92rem}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;font-size:.92rem}
.key svg{width:.9rem;height:.9rem;vertical-align:-.1rem;margin-right:.35rem}
pre{background:var(--raised);padding:.75rem 1rem;overflow-x:auto;white-space:pre-wrap}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}

.verifier button,.verifier input,.verifier textarea{font:inherit;color:inherit}
.verifier button{padding:.6rem 1.4rem;font-weight:700;color:var(--ground);background:var(--link);border:2px solid var(--link);border-radius:.3rem;cursor:pointer}
.verifier button:disabled{color:var(--quiet);background:var(--raised);border-color:var(--line);cursor:default}
.verifier :is(button,input,textarea,summary):focus-visible{outline:3px solid var(--link);outline-offset:2px}
.verifier textarea{display:block;width:100%;padding:.4rem .6rem;background:var(--ground);border:1px solid var(--quiet);font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.9em}
.verifier summary{cursor:pointer}
.outcome{padding:.5rem 1.25rem 1rem;margin:1.25rem 0;background:var(--raised);border-left:6px solid var(--improves)}
.outcome h2{margin:.5rem 0;padding:0;border:0;color:var(--improves)}
.outcome.failed{border-color:var(--worsens)}
.outcome.failed h2{color:var(--worsens)}
.outcome dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.25rem}
.outcome dt{font-weight:600}
.outcome dd{margin:0;overflow-wrap:anywhere}

@media (max-width:40rem){
.outcome dl{display:block}
.outcome dd{margin-bottom:.5rem}
h1{font-size:2rem}
h2{font-size:1.4rem}
.lead{font-size:1.1rem}
.glance{grid-template-columns:1fr 1fr}
.glance>div{padding:.6rem .75rem}
dl.profile{display:block}
dl.profile dd{margin-bottom:.75rem}
th,td{padding-right:.5rem}
td.definition{font-size:.85rem}
.bars li{grid-template-columns:1fr 1fr;padding:.4rem 0}
.bars svg{grid-column:1/-1;order:1}
}
@media print{
html{font-size:9.5pt}
.skip,nav,header.site span{display:none}
main,footer,header.site{max-width:none;padding:0}
h2{margin-top:1.5rem}
h1,h2,h3,caption{break-after:avoid}
li,tr,blockquote,.note,.verdict,.glance>div{break-inside:avoid}
.scroll{overflow:visible}
p.notice,.note,.verdict,blockquote{border:1px solid;border-left-width:4px}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.claims a[href^=http]::after{content:" (" attr(href) ")";font-size:.85em;overflow-wrap:anywhere}
}
`;
