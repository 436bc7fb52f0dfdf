/** Made-up posts in the lengths of real ones (median 176 characters, a tenth above 600). The same number gives the same post. */

const OPENINGS = [
  'I have been taking Semax for three weeks.',
  'Has anyone tried BPC-157 for a shoulder?',
  'Noopept did nothing for me.',
  'Thanks, that helps.',
  'My wife uses it for sleep.',
];
const MIDDLES = [
  'My focus improved a lot and the anxiety is gone.',
  'I got headaches on the first two days, then no side effects at all.',
  'It raises BDNF, so it may help memory.',
  'A small trial in 40 patients found less fatigue compared with placebo.',
  'I would not buy from them again.',
  'Where did you order yours?',
];

export interface MadePost {
  readonly id: string;
  readonly platform: 'reddit';
  readonly text: string;
  readonly title: string;
}

export function makePost(index: number): MadePost {
  const sentences = index % 10 === 0 ? 16 : index % 3;
  const text = [
    OPENINGS[index % OPENINGS.length],
    ...Array.from({ length: sentences }, (_unused, place) => MIDDLES[(index * 7 + place) % MIDDLES.length]),
  ].join(' ');
  return { id: `b${index}`, platform: 'reddit', text, title: 'Experiences?' };
}
