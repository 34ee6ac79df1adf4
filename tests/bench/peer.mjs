// Times ONNX Runtime on one net, for bench_table.py:
//     node peer.mjs MODEL BATCH REPEAT [SIDE 224] [THREADS 2]
//
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Run it in a folder where `npm install --ignore-scripts onnxruntime-node@1.20.1` has been done.
import { createRequire } from 'node:module';
const require = createRequire(process.cwd() + '/');
const { InferenceSession, Tensor } = require('onnxruntime-node');

const [model, batch, repeat] = [process.argv[2], +process.argv[3], +process.argv[4]];
const [side, threads] = [+(process.argv[5] ?? 224), +(process.argv[6] ?? 2)];
const options = {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
};
const session = await InferenceSession.create(model, options);
const values = Float32Array.from({ length: batch * 3 * side * side }, () => Math.random() * 2 - 1);
const feeds = { [session.inputNames[0]]: new Tensor('float32', values, [batch, 3, side, side]) };
await session.run(feeds);
const times = [];
const took = [];
const before = process.cpuUsage();
for (let i = 0; i < repeat; i++) {
  const start = performance.now();
  const first = process.cpuUsage();
  await session.run(feeds);
  times.push(performance.now() - start);
  const run = process.cpuUsage(first);
  took.push((run.user + run.system) / 1e3);
}
const used = process.cpuUsage(before);
times.sort((a, b) => a - b);
const cpu = (used.user + used.system) / 1e3 / repeat;
const peak = process.resourceUsage().maxRSS / 1024;
console.log(
  `median_ms ${times[repeat >> 1].toFixed(3)} peak_mb ${peak.toFixed(1)} ` +
    `min_ms ${times[0].toFixed(3)} cpu_ms ${cpu.toFixed(3)} ` +
    `least_ms ${Math.min(...took).toFixed(3)}`,
);
