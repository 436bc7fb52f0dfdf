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
};

function declare(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${colour};`)
    .join('');
}

export const STYLESHEET = `:root{color-scheme:light dark;${declare(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${declare(DARK)}}}
*{box-sizing:border-box}
html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);overflow-wrap:anywhere}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--ground);color:var(--link);z-index:1}
header.site,main,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
header.site{padding-top:1rem;padding-bottom:.5rem;border-bottom:1px solid var(--line)}
header.site a{font-weight:700;text-decoration:none}
footer{padding-top:1rem;padding-bottom:3rem;border-top:1px solid var(--line);color:var(--quiet)}
h1{font-size:2.1rem;line-height:1.2;margin:1.5rem 0 .5rem}
h2{font-size:1.4rem;line-height:1.3;margin:2.75rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;margin:1.75rem 0 .25rem}
p,ul,ol,dl,figure{margin:.6rem 0}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.lead{font-size:1.15rem;max-width:46rem}
.quiet{color:var(--quiet)}
.note{background:var(--warning-ground);color:var(--warning);padding:.75rem 1rem;border-radius:.4rem;margin:1rem 0}
.note p{margin:.25rem 0}
nav.contents ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0}
dl.profile{display:grid;grid-template-columns:minmax(9rem,13rem) 1fr;gap:.4rem 1.25rem}
dl.profile dt{font-weight:600}
dl.profile dd{margin:0}
dl.profile dd ul{margin:0;padding-left:1.1rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.75rem 0}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
th[scope=row]{font-weight:500;white-space:nowrap}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.sum th,tr.sum td{font-weight:700;border-top:2px solid var(--ink)}
.verdict{background:var(--raised);border-radius:.4rem;padding:.75rem 1rem}
.verdict strong{font-size:1.2rem}
ul.claims{list-style:none;padding:0}
ul.claims>li{margin:0 0 1.1rem;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line)}
ul.claims p{margin:.15rem 0}
blockquote{margin:.3rem 0;font-style:italic}
.meta{color:var(--quiet);font-size:.92rem}
.tag{border:1px solid var(--line);border-radius:.3rem;padding:0 .35rem;white-space:nowrap}
svg.effects{width:100%;height:auto;max-width:44rem;display:block}
svg.effects text{fill:var(--ink);font:13px system-ui,sans-serif}
svg.effects .improves{fill:var(--improves)}
svg.effects .worsens{fill:var(--worsens)}
svg.effects .same{fill:var(--same)}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0}
.key svg{width:.9rem;height:.9rem;vertical-align:-.1rem;margin-right:.35rem}
.key .improves{fill:var(--improves)}
.key .worsens{fill:var(--worsens)}
.key .same{fill:var(--same)}
pre{background:var(--raised);padding:.75rem 1rem;overflow-x:auto;border-radius:.4rem;white-space:pre-wrap}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.92em}
@media (max-width:40rem){h1{font-size:1.7rem}dl.profile{grid-template-columns:1fr}dl.profile dd{margin-bottom:.5rem}th[scope=row]{white-space:normal}}
@media print{html{font-size:10pt}.skip,nav,header.site{display:none}main,footer{max-width:none;padding:0}h2,h3,caption{break-after:avoid}li,tr,figure{break-inside:avoid}ul.claims a[href^=http]::after{content:" (" attr(href) ")";font-size:.85em}}
`;
