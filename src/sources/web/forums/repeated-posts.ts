/**
 * The posts of a page of no known engine: a block that repeats, in which (nearly) each has an address of its own, an author and a time. What repeats on
 * other pages (teasers, products, menus) lacks one of them, or leads to other pages. Linear: a mark is looked for within a fixed number of levels.
 * Proved by test/unit/sources/web-generic.test.ts and web-generic-traps.test.ts.
 */
import { classesOf, type Mark, NUMBERED, type PageElement, type PageMarks } from './page-marks.ts';

/** From a mark to its post; the deepest of the known engines have seven. */
const MAX_LEVELS = 12;
/** Shapes that are looked at, the most frequent first. */
const MAX_SHAPES = 12;
/** Blocks that are looked at for the opening post, the outer ones first. */
const MAX_OPENINGS = 12;
/** Of the blocks of one shape: the rest may be places of posts that are gone, or advertisements. */
const NEARLY_ALL = 2 / 3;
const NAMES = /comment|komment|coment|post|repl(?:y|ies)|message|msg|answer|antwort|beitr|review|thread|topic|discuss|forum|respon/i;
const FRAME = new Set(['html', 'body', 'main', 'head', 'time', 'a']);

export interface RepeatedPost {
  readonly element: PageElement;
  /** Undefined where the block has none of its own. */
  readonly author: Mark | undefined;
  readonly time: Mark | undefined;
  readonly place: Mark | undefined;
}

/** Every block of each shape that may be posts, the likeliest first. */
export function* findRepeated(marks: PageMarks): Generator<readonly RepeatedPost[]> {
  for (const shape of shapesOf(marks)) {
    const posts = readShape(shape, marks);
    const whole = posts.filter(isWhole);
    if (whole.length >= 2 && whole.length >= posts.length * NEARLY_ALL && isNamed(posts) && !isTeasers(posts, marks)) yield posts;
  }
}

export function isWhole({ author, time, place }: RepeatedPost): boolean {
  return author !== undefined && time !== undefined && place !== undefined;
}

/** A block before `first` that has all a post has, in another shape: many engines write the opening post, and blogs their article, unlike the rest. */
export function findOpening(marks: PageMarks, posts: readonly RepeatedPost[]): RepeatedPost | undefined {
  const whole = posts.filter(isWhole);
  const above = new Set<unknown>(whole.flatMap(({ element }) => ancestorsOf(element)));
  const at = whole[0] === undefined ? 0 : (marks.order.get(whole[0].element) ?? 0);
  const blocks = candidatesOf(marks).filter((element) => (marks.order.get(element) ?? 0) < at && !above.has(element));
  return blocks
    .slice(0, MAX_OPENINGS)
    .flatMap((block) => readShape([block], marks))
    .find((block) => isWhole(block) && !isTeasers([block], marks));
}

function shapesOf(marks: PageMarks): readonly (readonly PageElement[])[] {
  const shapes = new Map<string, PageElement[]>();
  const sound = new Set<string>();
  for (const element of candidatesOf(marks)) sound.add(shapeOf(element));
  for (const element of marks.order.keys()) {
    if (FRAME.has(element.name)) continue;
    const shape = shapeOf(element);
    if (!sound.has(shape)) continue;
    const same = shapes.get(shape);
    if (same === undefined) shapes.set(shape, [element]);
    else same.push(element);
  }
  // What has its number as an id is rather the post than what is in or around it; else the outer one, which comes first.
  const weigh = (same: readonly PageElement[]): number => same.length * 2 + (idOf(same[0] as PageElement) === undefined ? 0 : 1);
  return [...shapes.values()]
    .filter((same) => same.length > 1)
    .sort((a, b) => weigh(b) - weigh(a))
    .slice(0, MAX_SHAPES);
}

/** In page order. */
function candidatesOf({ order, authors, times, places }: PageMarks): readonly PageElement[] {
  const [named, timed, placed] = [authors, times, places].map(holdersOf) as [Set<PageElement>, Set<PageElement>, Set<PageElement>];
  return [...placed]
    .filter((element) => named.has(element) && timed.has(element) && !FRAME.has(element.name))
    .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

function holdersOf(marks: readonly Mark[]): Set<PageElement> {
  return new Set(marks.flatMap(({ element }) => [element, ...ancestorsOf(element)]));
}

function ancestorsOf(element: PageElement): PageElement[] {
  const found: PageElement[] = [];
  for (let up = element.parent; up !== null && 'attribs' in up && found.length < MAX_LEVELS; up = up.parent) found.push(up);
  return found;
}

function idOf({ attribs }: PageElement): string | undefined {
  const id = attribs['id'];
  return id !== undefined && NUMBERED.test(id) ? id : undefined;
}

/** `li#comment-12` and `li#comment-34` are of one shape whatever their classes; else the first class tells, numbers aside (`windowbg2`). */
function shapeOf(element: PageElement): string {
  const id = idOf(element);
  if (id !== undefined) return `${element.name}#${id.replace(/[-_]?[\da-f]{8}[\da-f-]*$|\d+$/i, '')}`;
  const [first = ''] = classesOf(element);
  return `${element.name}.${first.replace(/\d+/g, '')}`;
}

/** Each mark belongs to the nearest block around it: replies stand inside what they reply to. */
function readShape(elements: readonly PageElement[], marks: PageMarks): readonly RepeatedPost[] {
  const blocks = new Set(elements);
  const nearest = ({ element }: Mark): PageElement | undefined => [element, ...ancestorsOf(element)].find((up) => blocks.has(up));
  const [authors, times, places] = [new Map<PageElement, Mark>(), new Map<PageElement, Mark>(), new Map<PageElement, Mark>()];
  for (const mark of marks.authors) keepFirst(authors, nearest(mark), mark);
  for (const mark of marks.times) keepFirst(times, nearest(mark), mark);
  // A link to the post goes before its id: the engine knows on which page the post will be found.
  for (const mark of [...marks.places.filter(({ element }) => element.name === 'a'), ...marks.places]) keepFirst(places, nearest(mark), mark);
  return elements.map((element) => ({ element, author: authors.get(element), time: times.get(element), place: places.get(element) }));
}

/** The first goes before later ones: people are named and days told in a post's words too. What is in the first tells it more closely. */
function keepFirst(of: Map<PageElement, Mark>, block: PageElement | undefined, mark: Mark): void {
  if (block === undefined) return;
  const before = of.get(block);
  if (before === undefined || (mark.value !== '' && ancestorsOf(mark.element).includes(before.element))) of.set(block, mark);
}

/** The markup calls it, or the list it is in, by a word for posts. */
function isNamed(posts: readonly RepeatedPost[]): boolean {
  const first = posts.find(isWhole);
  if (first === undefined) return false;
  return [first.element, ...ancestorsOf(first.element).slice(0, 3)].some(({ attribs }) =>
    NAMES.test(`${attribs['id'] ?? ''} ${attribs['class'] ?? ''} ${attribs['itemtype'] ?? ''}`.slice(0, 1_000)),
  );
}

function isTeasers(posts: readonly RepeatedPost[], marks: PageMarks): boolean {
  const blocks = new Set(posts.map(({ element }) => element));
  const leading = new Set(marks.leads.flatMap((element) => [element, ...ancestorsOf(element)].find((up) => blocks.has(up)) ?? []));
  // A card may be a link as a whole.
  for (const block of blocks) if (ancestorsOf(block).some(({ name, attribs }) => name === 'a' && attribs['href'] !== undefined)) leading.add(block);
  return leading.size > posts.length * (1 - NEARLY_ALL);
}
