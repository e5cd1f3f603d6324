import { redactedHealth } from '../../src/telemetry/redacted-health';
import type { HealthReport } from '../../src/telemetry/health';

it('a health report shows no secret that a store or a module put into what it says of itself', async () => {
  const store = { status: 'fail', detail: 'no login as bot:hunter2', values: { waiting: 3 } } as const;
  const report: HealthReport = {
    status: 'fail',
    checks: { store },
    version: '1.2.3',
    commit: 'abc',
    uptime: 5,
  };
  const health = redactedHealth({ report: () => Promise.resolve(report) }, (text) =>
    text.replace('hunter2', '[redacted]'),
  );
  expect(await health.report()).toEqual({
    ...report,
    checks: { store: { ...store, detail: 'no login as bot:[redacted]' } },
  });
});
