/** Verifies a file in a process of its own and prints one JSON line: milliseconds, peak memory, the answer. `tsx measure-verify.ts FILE [THREADS]`. */
import { createReadStream } from 'node:fs';
import { verifyExportBytes } from '../../src/verify/verify-bytes.ts';

const [file, threads] = process.argv.slice(2);
const started = performance.now();
const result = await verifyExportBytes(createReadStream(file as string, { highWaterMark: 256 * 1024 }), {}, threads ? { threads: Number(threads) } : {});
const ms = performance.now() - started;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ ms, peakMb: maxRSS / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000, result }));
