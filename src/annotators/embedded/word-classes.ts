import { readFileSync } from 'node:fs';
const MAP: Record<string, number[]> = process.env['NOCL'] ? {} : JSON.parse(readFileSync('/tmp/annot2/clusters.json', 'utf8'));
const NONE: number[] = [];
export function classesOf(word: string): readonly number[] { return Object.hasOwn(MAP, word) ? (MAP[word] as number[]) : NONE; }
