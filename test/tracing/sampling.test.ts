import { randomBytes } from 'node:crypto';
import { context } from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import { createSampler, isTelling } from '../../src/tracing/sampling';
import { failed, REFUSED, settled } from '../stats/support';

/** Which traces are kept. */

const traceIds = Array.from({ length: 2000 }, () => randomBytes(16).toString('hex'));

it.each([0, 0.001, 0.1, 0.5, 0.999, 1])(
  'keeps by the ratio %d just what OpenTelemetry’s sampler keeps in another service, so that no trace is torn',
  (ratio) => {
    const theirs = new TraceIdRatioBasedSampler(ratio);
    const isSampled = createSampler(ratio);
    for (const traceId of traceIds) {
      const { decision } = theirs.shouldSample(context.active(), traceId);
      expect(isSampled(traceId)).toBe(decision === SamplingDecision.RECORD_AND_SAMPLED);
    }
  },
);

it('keeps about as many as the ratio says', () => {
  const kept = traceIds.filter(createSampler(0.1)).length;
  expect(kept).toBeGreaterThan(130);
  expect(kept).toBeLessThan(270);
});

it.each([
  ['a failure', { outcome: failed(new Error()) }, true],
  ['a missed deadline', { deadline: 'missed' }, true],
  ['an interaction that nobody answered', { deadline: 'unanswered' }, true],
  ['a refusal', { outcome: REFUSED }, false],
  ['an answer', {}, false],
  ['a message, which has no deadline', { deadline: null }, false],
] as const)('of %s is kept whatever the ratio: %s', (_, changes, expected) => {
  expect(isTelling(settled(changes))).toBe(expected);
});
