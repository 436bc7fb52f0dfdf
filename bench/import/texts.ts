/**
 * Made-up texts in the lengths of a forum's: half of the comments under 150 characters, one in twenty over 900. Sentences about nothing are
 * drawn word by word, so that hardly two are alike, as in life; those that name a compound are whole ones, with something between them.
 */
import type { Draw } from './draw.ts';

const WORDS =
  `the a and to of it that is was in for on you with this but my have not be are just like so they if or what all about would can get one more really when there your
   some out do time from know think people who good other than then because how them want much even make after could work thing still only now also most way
   where first day too been over never well need always does lot back things something better take anything got these years every feel right bad into
   little long going use actually same made find week maybe sure around old month coffee morning keep again last while try such before those found run enough
   night different which doctor through help new many read next sleep since hard best trying gym water kind away food weeks least both training point life
   started home money down end book place friend phone year study yeah game question room once went job part hours guess months anyone else probably seems looking
   told three few two off city bike window garden summer winter train kitchen music light rain paper car school walk lunch dog neighbour market bread`.split(
    /\s+/,
  );

const NAMING = [
  'I have been taking NAME for three weeks and my focus improved a lot.',
  'Has anyone here tried NAME for brain fog?',
  'NAME did nothing for me, neither mood nor memory.',
  'My first days on NAME came with a headache, then it went away.',
  'A friend told me that NAME helped with anxiety.',
  'Most of what is said about NAME comes from studies in rats.',
  'I stopped NAME after a month because I felt irritable.',
  'Between coffee and NAME, the second one lasts longer for me.',
];
const REPORTING = [
  'My sleep got worse in the second week.',
  'I could read for two hours without drifting off.',
  'No side effects that I noticed.',
  'It did not change my mood at all.',
  'The anxiety is mostly gone.',
  'Your experience may differ.',
];

/** Half of them under `median` characters, with a long tail. */
export function drawText(draw: Draw, median: number): string {
  const wanted = Math.round(median * Math.exp(1.1 * bell(draw)));
  const sentences: string[] = [];
  for (let length = 0; length < wanted; ) {
    const sentence = drawSentence(draw);
    sentences.push(sentence);
    length += sentence.length + 1;
  }
  return sentences.join(' ');
}

/** A text that names the compound. */
export function drawNaming(draw: Draw, name: string, median: number): string {
  const sentences = [drawSentence(draw), draw.pick(NAMING).replace('NAME', name), draw.pick(REPORTING), drawText(draw, median)];
  return (draw.chance(500) ? sentences : sentences.slice(1)).join(' ');
}

export function drawTitle(draw: Draw): string {
  return drawSentence(draw).slice(0, -1);
}

function drawSentence(draw: Draw): string {
  const words = Array.from({ length: 4 + draw.below(14) }, () => drawWord(draw)).join(' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** The product of two even draws makes the front of the list the most common. */
function drawWord(draw: Draw): string {
  return WORDS[Math.floor((draw.below(WORDS.length) * draw.below(WORDS.length)) / WORDS.length)] as string;
}

/** About normal: the sum of twelve even draws (Irwin-Hall). */
function bell(draw: Draw): number {
  let sum = -6;
  for (let index = 0; index < 12; index += 1) sum += draw.below(1_000) / 1_000;
  return sum;
}
